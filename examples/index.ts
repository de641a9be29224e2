import type { App } from "cdktf";
import { catalyst } from "./catalyst";
import { proxOps } from "./prox-ops";
import { singleNode } from "./single-node";
import { stagedUbuntu } from "./staged-ubuntu";
import { threeNodes } from "./three-nodes";
import { turnkey } from "./turnkey";

/** The sites by the name that `SITE=…` chooses; what a site needs is loaded when it is chosen. */
export const sites: Readonly<Record<string, (app: App) => void>> = {
  catalyst: (app) => catalyst(app),
  "prox-ops": (app) => proxOps(app),
  "single-node": (app) => singleNode(app),
  "staged-ubuntu": (app) => stagedUbuntu(app),
  "three-nodes": (app) => threeNodes(app),
  turnkey: (app) => turnkey(app),
};
