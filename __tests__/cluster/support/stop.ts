import type { ControlPlane } from "./control-plane";

/** After all tests of a run. */
export default async function stop(): Promise<void> {
  const { controlPlane } = globalThis as { readonly controlPlane?: ControlPlane };
  await controlPlane?.stop();
}
