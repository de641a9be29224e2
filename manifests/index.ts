/** Kubernetes objects as plain data, without Terraform. */
export {
  type BrokenPolicy,
  type Exclusion,
  fileIntegrityObjects,
  type MetricsTarget,
  type PatchWindow,
  type TimeOfDay,
  timeProblems,
  ubuntuNode,
  ubuntuNodeExclusions,
  type WatchedDirectory,
  type Weekday,
  watchProblems,
  writtenDirectories,
} from "./aide";
export { backupDashboard, backupRows } from "./backup-dashboard";
export * from "./cnpg";
export { type CronJobOptions, cronJob, startingDeadlineSeconds } from "./cron-job";
export { type DashboardOptions, type DashboardPanel, type DashboardRow, dashboard } from "./dashboard";
export * from "./drift";
export { originOf } from "./endpoint";
export { isPinnedImage } from "./image";
export { type JobOptions, job } from "./job";
export { type KubernetesObject, type ObjectMeta, objectName } from "./object";
export { outdatedApiProblems, outdatedApis } from "./outdated-apis";
export { type ContainerOptions, type NamedObject, type PodOptions, podSpec, type Toleration } from "./pod";
export { isDnsLabel, isObjectName, objectProblems } from "./problems";
export { type AlertRule, prometheusRule, type RuleOptions } from "./prometheus-rule";
export { renderValues } from "./render";
export * from "./restore-drill";
export { isDaily, isSchedule, longestGap, type ScheduleForm, shortestGap } from "./schedule";
export * from "./talos-drift";
export { type VaultRole, type VaultServer, vaultAudience, vaultCommand, vaultSetup } from "./vault";
