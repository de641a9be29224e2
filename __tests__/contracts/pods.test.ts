/** What the pods of all constructs and sites ask for: a policy that denies privileged containers has nothing to say. */
import { sites } from "../../examples";
import type { KubernetesObject } from "../../index";
import { podsOf } from "../cluster/support/pods";
import { objectsOf } from "../helpers/kubernetes-objects";
import { platforms } from "../helpers/platforms";
import { type Attributes, synthesize } from "../helpers/synth";

/** The namespaces whose pods read the files of nodes. */
const ofFileIntegrity = ["file-integrity"];

const objects = allObjects();
const pods = objects.flatMap(podsOf);
const others = pods.filter(({ metadata }) => !ofFileIntegrity.includes(metadata.namespace ?? ""));

test("HRD-7: no container is privileged, nor may it become more than it is", () => {
  const containers = pods.flatMap(containersOf);
  expect(containers.length).toBeGreaterThan(20);
  for (const [name, { securityContext }] of containers) {
    expect([name, securityContext?.privileged ?? false, securityContext?.allowPrivilegeEscalation]).toEqual([
      name,
      false,
      false,
    ]);
  }
});

test("HRD-7: outside of file integrity no pod has anything of its node, is root, or may do more than everybody", () => {
  expect(others.length).toBeGreaterThan(10);
  for (const pod of others) {
    const { name } = pod.metadata;
    const spec = specOf(pod);
    const ofNode = ["hostNetwork", "hostPID", "hostIPC"].filter((field) => spec[field] === true);
    const paths = (spec["volumes"] ?? []).filter(({ hostPath }: Attributes) => hostPath !== undefined);
    const added = containersOf(pod).flatMap(([, { securityContext }]) => securityContext.capabilities.add ?? []);
    const isRoot = spec["securityContext"].runAsNonRoot !== true;
    expect({ name, ofNode, paths, added, isRoot }).toEqual({ name, ofNode: [], paths: [], added: [], isRoot: false });
  }
});

test("HRD-7: only the namespace of file integrity lets pods be privileged", () => {
  const level = "pod-security.kubernetes.io/enforce";
  const open = objects.filter(
    ({ kind, metadata }) => kind === "Namespace" && metadata.labels?.[level] === "privileged",
  );
  expect(new Set(open.map(({ metadata }) => metadata.name))).toEqual(new Set(ofFileIntegrity));
});

function allObjects(): readonly KubernetesObject[] {
  const silent = jest.spyOn(console, "warn").mockImplementation();
  try {
    return Object.values({ ...platforms, ...sites }).flatMap((add) =>
      Object.values(synthesize((app) => add(app))).flatMap(objectsOf),
    );
  } finally {
    silent.mockRestore();
  }
}

function containersOf(pod: KubernetesObject): readonly (readonly [name: string, container: Attributes])[] {
  const { initContainers = [], containers } = specOf(pod);
  return [...initContainers, ...containers].map((one: Attributes) => [`${pod.metadata.name}/${one["name"]}`, one]);
}

function specOf(pod: KubernetesObject): Attributes {
  return (pod as Attributes)["spec"];
}
