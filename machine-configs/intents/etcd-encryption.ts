import { duplicateEntry, intentNeedsContract, type Problem, wrongValue } from "../../errors";
import { type MachineTarget, placesIn } from "../document";
import { kubeEtcdEncryptionConfig } from "../documents/kube-etcd-encryption-config";
import { v1alpha1 } from "../documents/v1alpha1";
import type { Intent } from "../intent";
import { usesKubeDocuments } from "../releases";
import { bytesInBase64, isBase64 } from "../rules/values";
import { HIDDEN } from "../schema";

/** A key of secretbox. */
export interface EtcdEncryptionKey {
  /** 32 bytes in base64. Secret: pass it as a Terraform value. */
  readonly secret: string;
  /**
   * Stands before what is stored, and so may not change while something is encrypted with the key.
   *
   * @default "key2" - what Talos calls the key that it generates
   */
  readonly name?: string;
}

export interface EtcdEncryptionProps {
  /** The first encrypts, all of them decrypt: a rotation needs the old one as well. One, up to contract 1.13. */
  readonly keys: readonly [EtcdEncryptionKey, ...EtcdEncryptionKey[]];
  /**
   * What is encrypted, such as `["secrets", "configmaps"]`. What is in etcd already is encrypted when it is next written.
   *
   * @default ["secrets"] - also all that contracts up to 1.13 can encrypt
   */
  readonly resources?: readonly string[];
}

/**
 * The keys with which kube-apiserver encrypts what it stores in etcd, instead of the one that Talos generates for each
 * cluster. A key that is left out makes all unreadable that was encrypted with it. kube-apiserver restarts on each
 * control plane; nothing on workers.
 *
 * From contract 1.14 on the generated document is deleted and written anew: merged, its key would stay the first.
 */
export function etcdEncryption(props: EtcdEncryptionProps): Intent {
  const { keys, resources = ["secrets"] } = props;
  return {
    name: "etcdEncryption",
    documents: ({ role, contract }) => {
      if (role === "worker") return [];
      if (!usesKubeDocuments(contract)) {
        return [v1alpha1.build({ cluster: { secretboxEncryptionSecret: keys[0].secret } })];
      }
      const named = keys.map(({ name = GENERATED, secret }) => ({ name, secret }));
      // Last, so that what is not encrypted yet can be read.
      const providers = [{ secretbox: { keys: named } }, { identity: {} }];
      return [
        kubeEtcdEncryptionConfig.deletion(),
        kubeEtcdEncryptionConfig.build({ config: { resources: [{ resources, providers }] } }),
      ];
    },
    problems: (machine) => (machine.role === "worker" ? [] : encryptionProblems(props, machine)),
  };
}

/** What Talos calls the key that it generates, and up to contract 1.13 any key. */
const GENERATED = "key2";

function encryptionProblems({ keys, resources }: EtcdEncryptionProps, machine: MachineTarget): readonly Problem[] {
  const at = placesIn(machine, "etcdEncryption");
  const names = keys.map(({ name = GENERATED }) => name);
  const problems = keys.flatMap(({ name = GENERATED, secret }, index): readonly Problem[] => {
    const found: Problem[] = [];
    if (!machine.isUnknown?.(secret) && !(isBase64(secret) && bytesInBase64(secret) === 32)) {
      found.push(wrongValue(at("keys", index, "secret"), HIDDEN, "32 bytes in base64"));
    }
    if (names.indexOf(name) < index) found.push(duplicateEntry(at("keys", index, "name"), "key", name));
    return found;
  });
  const isPlain = resources === undefined || resources.join() === "secrets";
  if (usesKubeDocuments(machine.contract) || (isPlain && names.join() === GENERATED)) return problems;
  const need = "More than one key without a name for secrets";
  const remedy = "Give one key without a name, and no resources.";
  return [...problems, intentNeedsContract(at(), need, "1.14", machine.contract, remedy)];
}
