/** What our chart writes, and what Kubernetes reads of it. */
import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { type KubernetesObject, KubernetesObjects } from "../../index";
import { goProgram } from "../helpers/go-programs";
import { helmValuesOf, objectReleases, objectsOf } from "../helpers/kubernetes-objects";
import { addStack } from "../helpers/platforms";
import { type Synthesized, synthesize } from "../helpers/synth";
import { Api } from "./support/api";

const api = Api.ofThisRun();

/** Texts of which YAML 1.1, Helm's templates or Terraform's would like to make something else. */
const texts = [
  ..."on off yes no y n true null ~ = << - ? 0644 0o17 1e3 1_000 12:30:45 2026-11-21 .inf 0x1f +1 9007199254740993".split(
    " ",
  ),
  "",
  " ",
  "{{ $labels.instance }} and {{- .Values.objects -}}",
  "echo ${HOME} $${HOME} %{ if x } %%{x} $(id) `id`",
  "#!/bin/sh\nset -eu\n\n\tprintf '%s\\n' \"${1:-a b}\"\n# end\n",
  "trailing space \n  and indent\n\n\n",
  "no new line\r\nat the end",
  "quotes ' \" \\ and a colon: # no comment",
  "---\n...\n--- two\n",
  "& * ! | > % @ `",
  "Grüße 日本語 🦭 \u00a0\u200b\ufeff",
  "\u0000\u0007\u001b[0m",
  "a very long line ".repeat(40),
];

const nasty: KubernetesObject = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: {
    name: "nasty",
    namespace: "texts",
    annotations: Object.fromEntries(texts.map((text, i) => [`t${i}`, text])),
  },
  data: {
    ...Object.fromEntries(texts.map((text, index) => [`text-${index}`, text])),
    on: "a",
    "0644": "b",
    "1e3": "c",
  },
};

const numbers: KubernetesObject = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "numbers", namespace: "texts" },
  spec: {
    replicas: 2147483647,
    selector: { matchLabels: { app: "x" } },
    template: {
      metadata: { labels: { app: "x" } },
      spec: {
        securityContext: { runAsUser: 1000000, fsGroup: 2147483647 },
        terminationGracePeriodSeconds: 9007199254740991,
        containers: [{ name: "x", image: "x", resources: { limits: { cpu: "1e3", memory: "1" } } }],
      },
    },
  },
};

function stackWith(...objects: readonly KubernetesObject[]): Synthesized {
  const add = addStack((stack) => new KubernetesObjects(stack, "objects", { namespace: "texts", objects }));
  const { "test-platform": stack } = synthesize(add);
  if (stack === undefined) {
    throw new Error("The stack was not synthesized.");
  }
  return stack;
}

test("Kubernetes has every text and every number as it was written, after Helm", async () => {
  await api.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "texts" } });
  const stack = stackWith(nasty, numbers);
  const documents = rendered(stack);
  expect(documents).toHaveLength(2);
  await api.applyYaml(nasty, documents[0] ?? "");
  await api.applyYaml(numbers, documents[1] ?? "");
  expect((await api.get(nasty)).body).toMatchObject(nasty);
  expect((await api.get(numbers)).body).toMatchObject(numbers);
  // What the tests of whole sites give to Kubernetes is the same.
  expect(objectsOf(stack)).toEqual([nasty, numbers]);
});

test("an object that Helm cannot write fails, rather than to be left out", () => {
  const values = JSON.stringify({ objects: [nasty, { ...nasty, data: { bell: "\u007f" } }] });
  const { status, stderr } = helm(values.replace("\u007f", "\\u007f"));
  expect([status, stderr]).toEqual([1, expect.stringContaining("a text that Helm cannot write as YAML")]);
});

/** Each object as Helm writes it for the API server. */
function rendered(stack: Synthesized): string[] {
  return objectReleases(stack).flatMap((release) => {
    const { stdout, stderr } = helm(helmValuesOf(stack, release));
    expect(stderr).toBe("");
    return stdout.split(/^---\n# Source: .*\n/m).filter((document) => document !== "");
  });
}

function helm(values: string) {
  const chart = path.resolve(__dirname, "../../charts/objects");
  return spawnSync(goProgram("helm"), ["template", "objects", chart, "--values=-"], {
    input: values,
    encoding: "utf8",
  });
}
