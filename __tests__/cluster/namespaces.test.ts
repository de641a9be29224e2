/** What a namespace refuses. */
import { KubernetesNamespace, type PodSecurityLevel } from "../../index";
import { type PodOptions, podSpec } from "../../manifests";
import { objectsOf } from "../helpers/kubernetes-objects";
import { addStack } from "../helpers/platforms";
import { synthesize } from "../helpers/synth";
import { Api, Refusal } from "./support/api";

const api = Api.ofThisRun();

const container = {
  name: "tool",
  image: `registry.example.com/tool:1.2.3@sha256:${"0".repeat(64)}`,
  command: ["/bin/true"],
  resources: { cpu: "10m", memory: "16Mi" },
};
const host = [{ name: "host", hostPath: { path: "/" } }];

/** Whether a namespace of a level takes a pod; what it says where it does not. */
async function tried(podSecurity: PodSecurityLevel, options: PodOptions, more: object = {}): Promise<string> {
  const namespace = `pods-${podSecurity}`;
  const stacks = synthesize(addStack((stack) => new KubernetesNamespace(stack, namespace, { podSecurity })));
  for (const object of Object.values(stacks).flatMap(objectsOf)) {
    await api.apply(object);
  }
  await api.addDefaultAccount(namespace);
  try {
    const metadata = { name: "pod", namespace };
    await api.tryCreate({ apiVersion: "v1", kind: "Pod", metadata, spec: { ...podSpec(options), ...more } });
    return "taken";
  } catch (error) {
    if (error instanceof Refusal) {
      return error.message;
    }
    throw error;
  }
}

test("a restricted one takes the pods that we write, and nothing that asks for more", async () => {
  expect(await tried("restricted", { containers: [container] })).toBe("taken");
  expect(await tried("restricted", { containers: [container], runAsUser: 0 })).toContain("runAsUser=0");
  expect(await tried("restricted", { containers: [container], volumes: host })).toContain("hostPath");
  expect(await tried("restricted", { containers: [container] }, { hostPID: true })).toContain("hostPID=true");
});

test("a baseline one takes root, but nothing of the host", async () => {
  expect(await tried("baseline", { containers: [container] }, { securityContext: {} })).toBe("taken");
  expect(await tried("baseline", { containers: [container], volumes: host })).toContain("hostPath");
});

test("a privileged one takes everything", async () => {
  expect(await tried("privileged", { containers: [container], volumes: host }, { hostPID: true })).toBe("taken");
});
