/** `machine` of the v1alpha1 document: the operating system. */

import {
  duplicateEntry,
  fieldMissing,
  fieldNotAllowed,
  hostDnsDisabled,
  type Problem,
  wrongValue,
} from "../../../errors";
import type { At } from "../../document";
import type { DocumentScope, FieldsOf } from "../../kind";
import { isAtLeast } from "../../releases";
import { roleProblems } from "../../rules/api-access";
import { kubernetesImageProblems } from "../../rules/images";
import { kubeletArgumentProblems, kubeletConfigurationProblems } from "../../rules/kubelet";
import { annotations, labels, taints } from "../../rules/node";
import { subnetFilter } from "../../rules/node-addresses";
import { runtimeSpecProblems } from "../../rules/runtime-spec";
import { bytesOf } from "../../rules/sizes";
import { urlParts } from "../../rules/urls";
import { anyMap, argumentMap, base64, stringMap, uint32 } from "../../rules/values";
import { z } from "../../zod";
import { disks, encryptionProblems, systemDiskEncryption } from "./disks";
import { network, networkProblems } from "./network";
import { registries, time } from "./services";

/** A certificate and its key, both PEM in base64. */
export const certificateAndKey = () => z.strictObject({ crt: base64().optional(), key: base64().optional() });

/** Certificates in base64. */
export const certificates = () => z.array(z.strictObject({ crt: base64().optional() }));

const kubelet = () =>
  z.strictObject({
    image: z.string().optional(),
    clusterDNS: z.array(z.string()).optional(),
    extraArgs: argumentMap().optional(),
    extraMounts: z
      .array(
        z.strictObject({
          destination: z.string().optional(),
          type: z.string().optional(),
          source: z.string().optional(),
          options: z.array(z.string()).optional(),
          uidMappings: idMappings().optional(),
          gidMappings: idMappings().optional(),
        }),
      )
      .optional(),
    extraConfig: anyMap().optional(),
    credentialProviderConfig: anyMap().optional(),
    defaultRuntimeSeccompProfileEnabled: z.boolean().optional(),
    registerWithFQDN: z.boolean().optional(),
    nodeIP: z.strictObject({ validSubnets: z.array(subnetFilter()).optional() }).optional(),
    skipNodeRegistration: z.boolean().optional(),
    disableManifestsDirectory: z.boolean().optional(),
  });

const idMappings = () =>
  z.array(z.strictObject({ containerID: uint32().optional(), hostID: uint32().optional(), size: uint32().optional() }));

const install = () =>
  z.strictObject({
    disk: z.string().optional(),
    diskSelector: z
      .strictObject({
        size: z
          .string()
          .refine((value) => bytesOf(value.replace(/^(?:[<>]=?|==)?\s*/, "")) !== undefined, "a size, such as >= 100GB")
          .optional(),
        name: z.string().optional(),
        model: z.string().optional(),
        serial: z.string().optional(),
        modalias: z.string().optional(),
        uuid: z.string().optional(),
        wwid: z.string().optional(),
        type: z.string().optional(),
        busPath: z.string().optional(),
      })
      .optional(),
    extraKernelArgs: z.array(z.string()).optional(),
    extensions: z.array(z.strictObject({ image: z.string().optional() })).optional(),
    image: z.string().optional(),
    wipe: z.boolean().optional(),
    legacyBIOSSupport: z.boolean().optional(),
    grubUseUKICmdline: z.boolean().optional(),
  });

const features = () =>
  z.strictObject({
    rbac: z.boolean().optional(),
    stableHostname: z.boolean().optional(),
    kubernetesTalosAPIAccess: z
      .strictObject({
        enabled: z.boolean().optional(),
        allowedRoles: z.array(z.string()).optional(),
        allowedKubernetesNamespaces: z.array(z.string()).optional(),
      })
      .optional(),
    apidCheckExtKeyUsage: z.boolean().optional(),
    diskQuotaSupport: z.boolean().optional(),
    kubePrism: z.strictObject({ enabled: z.boolean().optional(), port: z.int().optional() }).optional(),
    hostDNS: z
      .strictObject({
        enabled: z.boolean().optional(),
        forwardKubeDNSToHost: z.boolean().optional(),
        resolveMemberNames: z.boolean().optional(),
      })
      .optional(),
    imageCache: z.strictObject({ localEnabled: z.boolean().optional() }).optional(),
    nodeAddressSortAlgorithm: z
      .string()
      .refine((value) => ["", "v1", "v2"].includes(value.toLowerCase()), "v1 or v2")
      .optional(),
  });

const logging = () =>
  z.strictObject({
    destinations: z
      .array(
        z.strictObject({
          endpoint: z
            .string()
            .refine((value) => urlParts(value) !== undefined, "a tcp:// or udp:// URL")
            .optional(),
          format: z.string().optional(),
          extraTags: stringMap().optional(),
        }),
      )
      .optional(),
  });

const disabled = () => z.strictObject({ disabled: z.boolean().optional() });

/** The schema of the section. */
export const machine = () =>
  z.strictObject({
    type: z.string().optional(),
    token: z.string().optional(),
    ca: certificateAndKey().optional(),
    acceptedCAs: certificates().optional(),
    certSANs: z.array(z.string()).optional(),
    controlPlane: z
      .strictObject({ controllerManager: disabled().optional(), scheduler: disabled().optional() })
      .optional(),
    kubelet: kubelet().optional(),
    pods: z.array(anyMap()).optional(),
    network: network().optional(),
    disks: disks().optional(),
    install: install().optional(),
    files: z
      .array(
        z.strictObject({
          content: z.string().optional(),
          permissions: uint32().optional(),
          path: z.string().optional(),
          op: z.string().optional(),
        }),
      )
      .optional(),
    env: stringMap().optional(),
    time: time().optional(),
    sysctls: stringMap().optional(),
    sysfs: stringMap().optional(),
    registries: registries().optional(),
    systemDiskEncryption: systemDiskEncryption().optional(),
    features: features().optional(),
    udev: z.strictObject({ rules: z.array(z.string()).optional() }).optional(),
    logging: logging().optional(),
    kernel: z
      .strictObject({
        modules: z
          .array(z.strictObject({ name: z.string().optional(), parameters: z.array(z.string()).optional() }))
          .optional(),
      })
      .optional(),
    seccompProfiles: z.array(z.strictObject({ name: z.string().optional(), value: anyMap().optional() })).optional(),
    baseRuntimeSpecOverrides: anyMap().optional(),
    nodeLabels: labels().optional(),
    nodeAnnotations: annotations().optional(),
    nodeTaints: taints().optional(),
  });

type Machine = FieldsOf<typeof machine>;

/** What is wrong with the section. */
export function machineProblems(
  { machine: given = {} }: { readonly machine?: Machine | undefined },
  at: At,
  { talos, complete }: DocumentScope,
): readonly Problem[] {
  const release = talos ?? "1.14";
  const { type = "" } = given;
  const found: Problem[] = [];
  if (!["", "controlplane", "worker", "init", "join"].includes(type) || (complete && type === "")) {
    found.push(wrongValue(at("type"), type, "controlplane or worker"));
  }
  return [
    ...found,
    ...(complete ? authorityProblems(given, at) : []),
    ...kubeletProblems(given, (...path) => at("kubelet", ...path), release, talos),
    ...networkProblems(given.network, (...path) => at("network", ...path), type === "worker" || type === "join"),
    ...installProblems(given, (...path) => at("install", ...path)),
    ...featureProblems(given, (...path) => at("features", ...path), release),
    ...runtimeSpecProblems(given.baseRuntimeSpecOverrides ?? {}, (...path) => at("baseRuntimeSpecOverrides", ...path)),
    ...loggingProblems(given, (...path) => at("logging", "destinations", ...path)),
    ...encryptionProblems(given.systemDiskEncryption, (...path) => at("systemDiskEncryption", ...path)),
    ...(given.disks ?? []).flatMap(({ partitions = [] }, disk) =>
      partitions
        .slice(0, -1)
        .flatMap(({ size = "" }, partition) =>
          (bytesOf(size) ?? 0) > 0
            ? []
            : [
                fieldMissing(
                  at("disks", disk, "partitions", partition, "size"),
                  "a size; only the last may take the rest",
                ),
              ],
        ),
    ),
  ];
}

/** Who issues certificates for the Talos API. */
function authorityProblems({ type = "", ca, acceptedCAs = [] }: Machine, at: At): readonly Problem[] {
  if (type === "controlplane" || type === "init") {
    if (ca === undefined) return [fieldMissing(at("ca"), "the authority of the Talos API")];
    return ca.key ? [] : [fieldMissing(at("ca", "key"), "the authority's key")];
  }
  const found: Problem[] = [];
  if (ca?.key) found.push(fieldNotAllowed(at("ca", "key"), "on workers"));
  if (!ca?.crt && acceptedCAs.length === 0) found.push(fieldMissing(at("ca", "crt"), "the authority's certificate"));
  return found;
}

function kubeletProblems(
  { kubelet: { image = "", extraConfig = {}, extraArgs = {} } = {} }: Machine,
  at: At,
  release: string,
  talos: string | undefined,
): readonly Problem[] {
  return [
    // Earlier releases leave the image to the node.
    ...(image === "" || !isAtLeast(release, "1.14") ? [] : kubernetesImageProblems(image, at("image"), talos)),
    ...kubeletConfigurationProblems(extraConfig, (...path) => at("extraConfig", ...path)),
    ...kubeletArgumentProblems(extraArgs, (...path) => at("extraArgs", ...path)),
  ];
}

function installProblems({ install: { extensions = [] } = {} }: Machine, at: At): readonly Problem[] {
  const images = extensions.map(({ image = "" }) => image);
  return images.flatMap((image, index) =>
    images.indexOf(image) < index ? [duplicateEntry(at("extensions", index, "image"), "extension", image)] : [],
  );
}

function featureProblems({ type, features: given = {} }: Machine, at: At, release: string): readonly Problem[] {
  const { hostDNS, kubernetesTalosAPIAccess: access } = given;
  const found: Problem[] = [];
  if (isAtLeast(release, "1.13") && hostDNS?.forwardKubeDNSToHost && !hostDNS.enabled) {
    found.push(hostDnsDisabled(at("hostDNS", "forwardKubeDNSToHost"), "forwardKubeDNSToHost"));
  }
  if (access?.enabled) {
    const place = (...path: readonly (string | number)[]) => at("kubernetesTalosAPIAccess", ...path);
    if (type === "worker" || type === "join") found.push(fieldNotAllowed(place("enabled"), "on workers"));
    if (!isAtLeast(release, "1.12") && type !== undefined && !given.rbac) {
      found.push(fieldMissing(at("rbac"), "true, which access to the Talos API needs"));
    }
    found.push(...roleProblems(access.allowedRoles ?? [], (...path) => place("allowedRoles", ...path)));
  }
  return found;
}

function loggingProblems({ logging: { destinations = [] } = {} }: Machine, at: At): readonly Problem[] {
  return destinations.flatMap(({ endpoint = "", format = "" }, index) => {
    const parts = urlParts(endpoint);
    const found: Problem[] = [];
    if (parts === undefined || !["tcp", "udp"].includes(parts.scheme) || (parts.host === "" && parts.port === "")) {
      found.push(
        endpoint === ""
          ? fieldMissing(at(index, "endpoint"), "a tcp:// or udp:// URL")
          : wrongValue(at(index, "endpoint"), endpoint, "a tcp:// or udp:// URL"),
      );
    }
    if (format !== "json_lines") found.push(wrongValue(at(index, "format"), format, '"json_lines"'));
    return found;
  });
}
