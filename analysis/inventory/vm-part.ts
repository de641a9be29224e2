/** A value as it stands in code. */
export type Literal = string | number | boolean | readonly Literal[] | LiteralObject;

export interface LiteralObject {
  readonly [key: string]: Literal | undefined;
}

/** A line about the resource of a VM: what the profile of a new VM has otherwise, and no prop says. */
export type Statement =
  | { readonly set: string; readonly to: Literal }
  | { readonly call: string; readonly with?: Literal };

/** Why settings are not in the code. */
export type Reason = keyof typeof reasons;

/** Reasons, and what to do about them. */
export const reasons = {
  unknown: ["no code for it", "Nothing to do: it stays, and changes by hand."],
  rootOnly: [
    "for root@pam with a password only",
    'Nothing to do: it stays. With login: "root" a site can have it in its code.',
  ],
  mayBeSecret: ["maybe a secret", "Nothing to do: it stays, and changes by hand."],
  started: [
    "read only when a machine is set up",
    "Nothing to do for this machine; write it into the code if a new one is to have it, too.",
  ],
  unmapped: [
    "a device without a mapping, or of a VM that is not q35 with OVMF and without ballooning",
    "Make a mapping (Datacenter, Resource Mappings), give it to the VM, and save the inventory again.",
  ],
  inexact: ["in a form that code does not have", "Nothing to do: it stays, and changes by hand."],
  elsewhere: ["a resource of its own", "Nothing to do: it stays, and changes by hand."],
} as const satisfies Readonly<Record<string, readonly [why: string, remedy: string]>>;

/** What a part of a VM's configuration becomes. */
export interface VmPart {
  /** Props of `ProxmoxVm`. */
  readonly props?: LiteralObject;
  readonly statements?: readonly Statement[];
  /** Attributes that Terraform ignores, so that they stay. */
  readonly ignored?: readonly string[];
  /** Settings that stay, and why they are not in the code. */
  readonly left?: readonly (readonly [setting: string, reason: Reason])[];
}

/** Several parts as one. */
export function together(parts: readonly VmPart[]): Required<VmPart> {
  return {
    props: Object.assign({}, ...parts.map(({ props }) => props)),
    statements: parts.flatMap(({ statements = [] }) => statements),
    ignored: parts.flatMap(({ ignored = [] }) => ignored),
    left: parts.flatMap(({ left = [] }) => left),
  };
}

/** Settings that stay for one reason, because Terraform ignores the attribute that they are. */
export function kept(settings: readonly string[], reason: Reason, attribute: string): VmPart {
  return settings.length === 0
    ? {}
    : { ignored: [attribute], left: settings.map((setting) => [setting, reason] as const) };
}

/** The values that are there. */
export function present(values: LiteralObject): LiteralObject {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
