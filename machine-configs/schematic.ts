/**
 * Schematics: what the Image Factory builds into an image. Extensions and kernel arguments belong here and nowhere
 * else: `machine.install.extensions` is deprecated, and kernel arguments there are ignored by current Talos (T-4).
 */
import { createHash } from "node:crypto";
import { extensionMalformed, kernelArgumentMalformed, type Problem, schematicIdMalformed } from "../errors";

/** A system extension, such as `siderolabs/qemu-guest-agent`: without a version, which the factory takes from Talos'. */
export type Extension = `siderolabs/${string}`;

/** What an image contains beyond Talos itself. */
export interface SchematicProps {
  /** System extensions, in any order. A change makes another image, which reaches a machine by an upgrade. */
  readonly extensions: readonly Extension[];
  /**
   * Arguments added to the kernel's command line, in this order; `-name` removes a default one.
   *
   * @default - those of Talos
   */
  readonly kernelArgs?: readonly string[];
}

/**
 * A schematic as the factory itself writes it, so that its id can be computed here. Extensions are sorted and named
 * once. Ask {@link extensionProblems} and {@link kernelArgumentProblems} first.
 */
export function schematicYaml({ extensions, kernelArgs = [] }: SchematicProps): string {
  const names = [...new Set(extensions)].sort();
  const lines = [
    ...block("    extraKernelArgs:", kernelArgs, "        "),
    ...block("    systemExtensions:\n        officialExtensions:", names, "            "),
  ];
  return lines.length === 0 ? "customization: {}\n" : `customization:\n${lines.join("\n")}\n`;
}

/** The id that the factory gives a schematic; it must have been posted there once before it can be used. */
export function schematicId(yaml: string): string {
  return createHash("sha256").update(yaml).digest("hex");
}

/**
 * The installer for machines that boot from the nocloud image, for installations and upgrades (TAL-36).
 *
 * @param factoryHost such as `factory.talos.dev`.
 * @param talos such as `1.14.4`.
 * @param secureBoot whether it is signed, for machines that boot from the signed image.
 */
export function installerImage(factoryHost: string, schematicId: string, talos: string, secureBoot = false): string {
  return `${factoryHost}/nocloud-installer${secureBoot ? "-secureboot" : ""}/${schematicId}:v${talos}`;
}

/**
 * The disk image that Proxmox downloads and imports as it is.
 *
 * @param factoryUrl such as `https://factory.talos.dev`.
 * @param secureBoot whether it is signed.
 */
export function diskImageUrl(factoryUrl: string, schematicId: string, talos: string, secureBoot = false): string {
  return `${factoryUrl.replace(/\/+$/, "")}/image/${schematicId}/v${talos}/${imageName(secureBoot)}`;
}

/**
 * The name of a disk image on a datastore. Names version and schematic: a new image gets a new name, since replacing
 * one under the same name races with its own deletion.
 */
export function diskImageFileName(schematicId: string, talos: string, secureBoot = false): string {
  return `talos-v${talos}-${schematicId.slice(0, 12)}-${imageName(secureBoot)}`;
}

function imageName(secureBoot: boolean): string {
  return `nocloud-amd64${secureBoot ? "-secureboot" : ""}.qcow2`;
}

/** Names that are not extensions of the factory. Versions are refused: the factory picks the one for Talos (IMG-5). */
export function extensionProblems(extensions: readonly string[], where: string): readonly Problem[] {
  return extensions
    .filter((name) => !/^siderolabs\/[a-z0-9]+(?:[-.][a-z0-9]+)*$/.test(name))
    .map((name) => extensionMalformed(where, name));
}

/** Kernel arguments that the factory would write in another way than we do, or that are none. */
export function kernelArgumentProblems(kernelArgs: readonly string[], where: string): readonly Problem[] {
  return kernelArgs.filter((arg) => !isPlainArgument(arg)).map((arg) => kernelArgumentMalformed(where, arg));
}

/** An id that was given rather than computed (IMG-1). */
export function schematicIdProblems(schematicId: string, where: string): readonly Problem[] {
  return /^[0-9a-f]{64}$/.test(schematicId) ? [] : [schematicIdMalformed(where, schematicId)];
}

function block(head: string, items: readonly string[], indentation: string): readonly string[] {
  return items.length === 0 ? [] : [head, ...items.map((item) => `${indentation}- ${item}`)];
}

/** Whether YAML writes an argument without quotes: a word with an optional value, not a boolean or null. */
function isPlainArgument(arg: string): boolean {
  return (
    /^-?[A-Za-z_][\w.-]*(?:=(?:[!-~]*[!-9;-~])?)?$/.test(arg) && !/^-?(?:y|yes|n|no|on|off|true|false|null)$/i.test(arg)
  );
}
