/** Every object of every construct and of every site, given to Kubernetes. */
import type { App } from "cdktf";
import { sites } from "../../examples";
import type { KubernetesObject } from "../../index";
import { objectsOf } from "../helpers/kubernetes-objects";
import { addPlatform, platforms } from "../helpers/platforms";
import { synthesize } from "../helpers/synth";
import { Api } from "./support/api";
import { podsOf } from "./support/pods";

const api = Api.ofThisRun();

const apps: Readonly<Record<string, (app: App) => void>> = {
  ...Object.fromEntries(Object.keys(platforms).map((name) => [name, addPlatform(name)])),
  ...sites,
};

test.each(Object.entries(apps))(
  "Kubernetes takes all of %s, twice, without a warning, and so its pods",
  async (_, add) => {
    const objects = Object.values(synthesize(add)).flatMap(objectsOf);
    for (const object of inOrder(objects)) {
      const { body, warnings } = await api.apply(object);
      expect([object, warnings]).toEqual([object, []]);
      if (object.kind === "Namespace") {
        await api.addDefaultAccount(object.metadata.name);
      }
      const again = await api.apply(object);
      expect([object, again.body.metadata.resourceVersion]).toEqual([object, body.metadata.resourceVersion]);
      if (object.kind === "ResourceQuota") {
        await api.countQuota(object);
      }
    }
    for (const pod of objects.flatMap(podsOf)) {
      expect([pod.metadata.name, (await api.tryCreate(pod)).warnings]).toEqual([pod.metadata.name, []]);
    }
  },
);

/** What others need comes first, as it does for Helm. */
function inOrder(objects: readonly KubernetesObject[]): readonly KubernetesObject[] {
  const first = ["Namespace", "ServiceAccount"];
  return [
    ...first.flatMap((kind) => objects.filter((object) => object.kind === kind)),
    ...objects.filter(({ kind }) => !first.includes(kind)),
  ];
}
