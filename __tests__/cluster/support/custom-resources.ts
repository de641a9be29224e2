import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parse } from "yaml";
import type { KubernetesObject } from "../../../index";
import { goModule } from "../../helpers/go-programs";
import type { Api } from "./api";

/** Where definitions come from: those of an operator out of its own Go module. */
const published = [
  {
    module: "github.com/prometheus-operator/prometheus-operator",
    version: "v0.93.1",
    folder: "example/prometheus-operator-crd",
    only: /_(podmonitors|probes|prometheusrules|scrapeconfigs|servicemonitors)\.yaml$/,
  },
  {
    module: "github.com/cloudnative-pg/cloudnative-pg",
    version: "v1.30.0",
    folder: "config/crd/bases",
    only: /\.yaml$/,
  },
  {
    module: "github.com/cloudnative-pg/plugin-barman-cloud",
    version: "v0.13.0",
    folder: "config/crd/bases",
    only: /\.yaml$/,
  },
  {
    module: "github.com/kyverno/kyverno",
    version: "v1.19.1",
    folder: "config/crds/policies.kyverno.io",
    only: /_policyexceptions\.yaml$/,
  },
  { module: "github.com/cert-manager/cert-manager", version: "v1.19.2", folder: "deploy/crds", only: /\.yaml$/ },
] as const;

/** Definitions written by us, of what is documented, where nobody publishes them. */
const own = path.resolve(__dirname, "../crds");

/** Makes the custom resources known to the API server that operators would make known to it. */
export async function installCustomResources(api: Api): Promise<void> {
  const files = [
    ...published.flatMap(({ module, version, folder, only }) =>
      filesIn(path.join(goModule(module, version), folder)).filter((file) => only.test(file)),
    ),
    ...filesIn(own),
  ];
  const definitions: readonly KubernetesObject[] = files.map((file) => parse(readFileSync(file, "utf8")));
  for (const definition of definitions) {
    await api.apply(definition);
  }
  for (const definition of definitions) {
    while (!(await isEstablished(api, definition))) {
      await sleep(50);
    }
  }
}

async function isEstablished(api: Api, definition: KubernetesObject): Promise<boolean> {
  const conditions: readonly { type: string; status: string }[] = (await api.get(definition)).body.status.conditions;
  return conditions.some(({ type, status }) => type === "Established" && status === "True");
}

function filesIn(folder: string): string[] {
  return readdirSync(folder).map((file) => path.join(folder, file));
}
