/** What is refused as outdated is what Kubernetes does not serve, and what is named in its place is served. */
import { outdatedApis } from "../../manifests";
import { Api } from "./support/api";

const api = Api.ofThisRun();
const ofKubernetes = outdatedApis.filter(({ goneFrom }) => goneFrom.startsWith("Kubernetes"));

test.each(ofKubernetes.flatMap(({ apiVersion, now, kinds }) => kinds.map((kind) => [apiVersion, kind, now] as const)))(
  "GATE-13: %s %s is gone, and %s has it",
  async (apiVersion, kind, now) => {
    expect(await kindsOf(apiVersion)).not.toContain(kind);
    expect(await kindsOf(now)).toContain(kind);
  },
);

async function kindsOf(apiVersion: string): Promise<readonly string[]> {
  const { body } = await api.ask("GET", `/apis/${apiVersion}`);
  return (body.resources ?? []).map(({ kind }: { readonly kind: string }) => kind);
}
