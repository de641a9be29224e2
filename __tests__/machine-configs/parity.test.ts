/**
 * Our verdict beside that of Talos' own validator, on patches as people write them: each was applied to a generated
 * configuration and judged by Talos 1.13.9 (contract 1.13) and 1.14.0-rc.1 (contract 1.14). Here are the cases of the
 * kinds and sections that are modelled; those that delete or merge documents belong to a patch model.
 */
import { parseAllDocuments } from "yaml";
import { type Contract, documentProblems, type MachineRole, type TalosDocument } from "../../machine-configs";
import { measuredCases as cases } from "./measured";

const talos = { "1.11": "1.11.6", "1.12": "1.12.11", "1.13": "1.13.9", "1.14": "1.14.0-rc.1" } as const;

/** Cases in which we refuse more than Talos, or less, and why. */
const differences: Readonly<Record<string, readonly string[]>> = {
  "Talos reads bare numbers, booleans and dates as text, and null as nothing; the text is asked for here (TAL-7)": [
    "apiserver-args-bool",
    "apiserver-args-bool-mut-typo",
    "audit-v1alpha1-policy-file-mut-null",
    "files-content-null",
    "files-relative-path-mut-null",
    "gpu-label-bool",
    "gpu-label-bool-mut-null",
    "gpu-nvidia-v1alpha1-sysctl-int",
    "kubelet-args-int",
    "kubelet-doc-args-bool",
    "labels-v1alpha1-bool",
    "labels-v1alpha1-null-value",
    "merge-null-patch",
    "node-doc-label-bool",
    "oidc-extraargs-mut-null",
    "sysctls-v1alpha1-bool",
    "sysctls-v1alpha1-float",
    "sysctls-v1alpha1-null",
    "type-annotation-int",
    "type-label-version-float",
    "type-name-int",
  ],
  "Talos' validator accepts what stops the kubelet or kube-apiserver at the node": [
    "audit-v1alpha1-bad-level",
    "kubelet-denied-arg",
  ],
  "A change to an empty value does nothing in Talos, so it is most likely a mistake": [
    "audit-doc-empty",
    "merge-labels-null-removes",
    "merge-taint-override-empty",
  ],
  "CEL expressions are not compiled here": ["install-doc-cel-number"],
  "An empty text is no document at all; renderDocuments makes one only of no documents": ["merge-empty-patch"],
};

const known = Object.values(differences).flat();

test("every difference is a case", () => {
  const names = cases.map((one) => one.case);
  expect(known.filter((name) => !names.includes(name))).toEqual([]);
});

describe.each<Contract>(["1.13", "1.14"])("contract %s", (contract) => {
  test.each(cases.filter((one) => !known.includes(one.case)))("$case is judged as by Talos", (one) => {
    expect(ours(one.patches, contract)).toEqual(talosSays(one.verdict[contract]));
  });
});

test.each(cases.filter((one) => known.includes(one.case)))("$case is judged differently somewhere", (one) => {
  const contracts: readonly Contract[] = ["1.13", "1.14"];
  const differing = contracts.filter(
    (contract) => JSON.stringify(ours(one.patches, contract)) !== JSON.stringify(talosSays(one.verdict[contract])),
  );
  expect(differing).not.toEqual([]);
});

type Verdicts = Readonly<Record<MachineRole, boolean>>;

function talosSays(verdict: Readonly<Record<MachineRole, string>>): Verdicts {
  return { controlplane: verdict.controlplane === "ok", worker: verdict.worker === "ok" };
}

function ours(patches: readonly string[], contract: Contract): Verdicts {
  const documents: TalosDocument[] = patches.flatMap((patch) =>
    parseAllDocuments(patch).map((document) => document.toJS()),
  );
  const accepted = (role: MachineRole) =>
    documentProblems({ name: "m", role, contract, talos: talos[contract] }, documents).length === 0;
  return { controlplane: accepted("controlplane"), worker: accepted("worker") };
}
