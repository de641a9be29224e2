/** The Talos machines that were synthesized, and whether what runs on them is what was meant. */
import * as z from "zod";

/** What a machine has to be, without its configuration. */
export interface WantedMachine {
  readonly name: string;
  /** Where its Talos API is. */
  readonly address: string;
  /** The Talos release of its installer, such as `1.14.4`. */
  readonly talos: string;
  /** The id of its schematic at the image factory. */
  readonly schematic: string;
  readonly cluster: { readonly name: string };
}

/** A machine as its stack has it. */
export interface SynthesizedMachine extends WantedMachine {
  readonly role: "controlplane" | "worker";
  /** The contract of its configuration, such as `1.14`. */
  readonly contract: string;
  readonly cluster: { readonly name: string; readonly endpoint: string; readonly kubernetes: string };
  /** Patches to what the generator writes. Values that only Terraform knows are {@link unknownValue}. */
  readonly patches: readonly string[];
}

/** Stands for a value that only Terraform knows. */
export const unknownValue = "value-that-terraform-knows";

/** The machines of synthesized stacks, as `cdk.tf.json` has them; those with an address that Terraform finds out are not among them. */
export function synthesizedMachines(stacks: readonly unknown[]): readonly SynthesizedMachine[] {
  return stacks.flatMap((stack) => {
    const { data, resource } = synthesized.parse(stack);
    const applied = [
      ...Object.values(resource.talos_machine_configuration_apply).map((one) => ({
        ...one,
        configuration: one.machine_configuration_input,
      })),
      ...Object.values(resource.talos_machine).map((one) => ({ ...one, configuration: one.machine_configuration })),
    ];
    return applied.flatMap(({ node, image, configuration }) => {
      const [, id = ""] =
        /^\$\{data\.talos_machine_configuration\.([^.]+)\.machine_configuration\}$/.exec(configuration) ?? [];
      const made = data.talos_machine_configuration[id];
      if (made === undefined || node.includes("${")) return [];
      const patches = made.config_patches.map(withoutTerraform);
      const [, schematic = "", talos = ""] =
        /\/([0-9a-f]{64}):v([\w.-]+)/.exec(`${image ?? ""}\n${patches.join("\n")}`) ?? [];
      const [, name = node] = /^ *hostname: "?([\w.-]+)"?$/m.exec(patches.join("\n")) ?? [];
      return {
        name,
        address: node,
        role: made.machine_type,
        contract: made.talos_version.replace(/^v/, ""),
        talos,
        schematic,
        cluster: { name: made.cluster_name, endpoint: made.cluster_endpoint, kubernetes: made.kubernetes_version },
        patches,
      };
    });
  });
}

/** The machines of a list, as `TalosDrift` puts it into a cluster; `undefined` where it is something else. */
export function wantedMachines(list: unknown): readonly WantedMachine[] | undefined {
  return wanted.safeParse(list).data;
}

/** What was found out of a machine, or why it was not. */
export type Measured<Value> = { readonly value: Value } | { readonly unmeasured: string };

/** How a machine is; a configuration is how many fields are otherwise. */
export interface MeasuredMachine {
  readonly talos: Measured<string>;
  readonly schematic: Measured<string>;
  readonly configuration?: Measured<readonly unknown[]>;
}

/** `drift` where anything is known to differ, and otherwise `unmeasured` where anything is not known. */
export function machineVerdict(machine: WantedMachine, is: MeasuredMachine): "same" | "drift" | "unmeasured" {
  const parts = [is.talos, is.schematic, ...(is.configuration === undefined ? [] : [is.configuration])];
  const differs =
    ("value" in is.talos && is.talos.value !== machine.talos) ||
    ("value" in is.schematic && is.schematic.value !== machine.schematic) ||
    (is.configuration !== undefined && "value" in is.configuration && is.configuration.value.length > 0);
  if (differs) return "drift";
  return parts.some((part) => "unmeasured" in part) ? "unmeasured" : "same";
}

/** A patch as it will be. Terraform's values are whole texts of it, in the one form in which they are written. */
function withoutTerraform(patch: string): string {
  return patch
    .replaceAll(/(?<!\$)\$\{jsonencode\(.*\)\}$/gm, unknownValue)
    .replaceAll("$${", () => "${")
    .replaceAll("%%{", () => "%{");
}

const wanted = z
  .array(
    z.object({
      name: z.string(),
      address: z.string(),
      talos: z.string(),
      schematic: z.string(),
      cluster: z.object({ name: z.string() }),
    }),
  )
  .min(1);

const machine = { node: z.string(), image: z.string().optional() };
const synthesized = z.object({
  data: z
    .object({
      talos_machine_configuration: z
        .record(
          z.string(),
          z.object({
            cluster_name: z.string(),
            cluster_endpoint: z.string(),
            config_patches: z.array(z.string()).default([]),
            kubernetes_version: z.string(),
            machine_type: z.enum(["controlplane", "worker"]),
            talos_version: z.string(),
          }),
        )
        .default({}),
    })
    .default({ talos_machine_configuration: {} }),
  resource: z
    .object({
      talos_machine_configuration_apply: z
        .record(z.string(), z.object({ ...machine, machine_configuration_input: z.string() }))
        .default({}),
      talos_machine: z.record(z.string(), z.object({ ...machine, machine_configuration: z.string() })).default({}),
    })
    .default({ talos_machine_configuration_apply: {}, talos_machine: {} }),
});
