import type { App } from "cdktf";
import { proxOps } from "./prox-ops";
import { singleNode } from "./single-node";
import { threeNodes } from "./three-nodes";

/** The sites by the name that `SITE=…` chooses. */
export const sites: Readonly<Record<string, (app: App) => void>> = {
  "prox-ops": proxOps,
  "single-node": singleNode,
  "three-nodes": threeNodes,
};
