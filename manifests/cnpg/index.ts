/** PostgreSQL by CloudNativePG, as plain data. */
export {
  type ArchiveSettings,
  archiveName,
  barmanConfiguration,
  barmanPlugin,
  type DataSettings,
  type ObjectStoreOptions,
  objectStore,
  type PostgresArchive,
  type S3Store,
  s3Environment,
  type WalSettings,
} from "./archive";
export {
  type BackupForm,
  type ClusterBackup,
  type NewDatabase,
  type PostgresBootstrap,
  type PostgresClusterOptions,
  type PostgresRecovery,
  type PostgresReplica,
  type PostgresVolume,
  postgresCluster,
  type RecoveryTarget,
  recoveryTarget,
  sourceOf,
} from "./cluster";
export { type PostgresAlertOptions, postgresAlerts, postgresMonitor } from "./monitoring";
export {
  isFolder,
  isInCluster,
  operatorProblems,
  postgresImageProblems,
  retentionProblems,
  storeProblems,
  targetProblems,
} from "./problems";
