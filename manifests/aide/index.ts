/** AIDE over the files of nodes: what is watched, when, by which objects, and what is told. */
export { type IntegrityAlertOptions, integrityAlerts, stoppedAfterMinutes } from "./alerts";
export {
  type BrokenPolicy,
  type FileIntegrityOptions,
  fileIntegrityObjects,
  integritySettings,
  type MetricsTarget,
  writtenDirectories,
} from "./objects";
export {
  longestHoldOffMinutes,
  longestSilence,
  longestWindow,
  type PatchWindow,
  type TimeOfDay,
  timeProblems,
  type Weekday,
} from "./times";
export {
  aideConfiguration,
  type Exclusion,
  ubuntuNode,
  ubuntuNodeExclusions,
  type WatchedDirectory,
  watchProblems,
} from "./watched";
