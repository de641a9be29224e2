import type { App } from "cdktf";
import { catalyst } from "./catalyst";
import { proxOps } from "./prox-ops";
import { singleNode } from "./single-node";
import { stagedUbuntu } from "./staged-ubuntu";
import { threeNodes } from "./three-nodes";
import { turnkey } from "./turnkey";

/** The sites by the name that `SITE=…` chooses. */
export const sites: Readonly<Record<string, (app: App) => void>> = {
  catalyst,
  "prox-ops": proxOps,
  "single-node": singleNode,
  "staged-ubuntu": stagedUbuntu,
  "three-nodes": threeNodes,
  turnkey,
};
