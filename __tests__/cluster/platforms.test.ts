/** Every object of every construct and of every site, given to Kubernetes. */
import type { App } from "cdktf";
import { sites } from "../../examples";
import type { KubernetesObject } from "../../index";
import { objectsOf } from "../helpers/kubernetes-objects";
import { platforms } from "../helpers/platforms";
import { type Attributes, synthesize } from "../helpers/synth";
import { Api } from "./support/api";
import { podsOf } from "./support/pods";

const api = Api.ofThisRun();

const apps: Readonly<Record<string, (app: App) => void>> = { ...platforms, ...sites };

test.each(Object.entries(apps))(
  "Kubernetes takes all of %s, twice, without a warning, and so its pods",
  async (_, add) => {
    const objects = Object.values(synthesize((app) => add(app))).flatMap(objectsOf);
    for (const object of inOrder([...namespacesOf(objects), ...objects])) {
      const { body, warnings } = await api.apply(object);
      expect([object, warnings]).toEqual([object, []]);
      if (object.kind === "Namespace") {
        await api.addDefaultAccount(object.metadata.name);
      }
      // What the server makes of an object is what it was given: the next apply changes nothing.
      const again = await api.apply(object);
      expect(withoutRevision(again.body)).toEqual(withoutRevision(body));
      if (object.kind === "ResourceQuota") {
        await api.countQuota(object);
      }
    }
    for (const pod of objects.flatMap(podsOf)) {
      expect([pod.metadata.name, (await api.tryCreate(pod)).warnings]).toEqual([pod.metadata.name, []]);
    }
  },
);

/** Claims of volumes are written again without being changed. */
function withoutRevision({ metadata: { resourceVersion: _, ...metadata }, ...object }: Attributes): object {
  return { ...object, metadata };
}

/** The namespaces that somebody else makes, in which pods may do no more than we say that ours do. */
function namespacesOf(objects: readonly KubernetesObject[]): readonly KubernetesObject[] {
  const own = objects.filter(({ kind }) => kind === "Namespace").map(({ metadata }) => metadata.name);
  const used = new Set(objects.flatMap(({ metadata: { namespace } }) => namespace ?? []));
  const labels = {
    "pod-security.kubernetes.io/enforce": "restricted",
    "pod-security.kubernetes.io/warn": "restricted",
  };
  return [...used]
    .filter((name) => !own.includes(name))
    .map((name) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name, labels } }));
}

/** What others need comes first, as it does for Helm. */
function inOrder(objects: readonly KubernetesObject[]): readonly KubernetesObject[] {
  const first = ["Namespace", "ServiceAccount"];
  return [
    ...first.flatMap((kind) => objects.filter((object) => object.kind === kind)),
    ...objects.filter(({ kind }) => !first.includes(kind)),
  ];
}
