/** All moves from sections of the v1alpha1 document to documents, in the order in which they are tried. */
import { controlPlaneMoves } from "./control-plane";
import { nodeMoves } from "./kubernetes";
import { linkMoves } from "./links";
import { machineMoves } from "./machine";
import type { Move } from "./move";
import { networkMoves } from "./network";
import { registryMoves } from "./registries";

export const moves: readonly Move[] = [
  ...networkMoves,
  ...linkMoves,
  ...registryMoves,
  ...machineMoves,
  ...nodeMoves,
  ...controlPlaneMoves,
];
