import { Api } from "./api";
import { ControlPlane } from "./control-plane";
import { installCustomResources } from "./custom-resources";

/** Before all tests of a run: they find the API server by the environment. */
export default async function start(): Promise<void> {
  const controlPlane = await ControlPlane.start();
  await installCustomResources(new Api(controlPlane.connection));
  process.env["CLUSTER_CONNECTION"] = JSON.stringify(controlPlane.connection);
  Object.assign(globalThis, { controlPlane });
}
