/** S3 stores as plain data: what SeaweedFS is given on a Docker host and in a cluster. Needs neither Terraform nor files. */
export {
  type CertificateIssuer,
  type ChartOptions,
  chartObjects,
  chartValues,
  type ExistingSecrets,
  type StoreMonitoring,
  s3Port,
} from "./chart";
export { digestOf, s3Config, secretsIn } from "./config";
export { type HostStorage, type HostTls, hostPieces, metricsPorts } from "./host";
export { probeObjects } from "./probe";
export type { StoreCredentials } from "./program";
export { keyProblems, storeProblems } from "./rules";
export {
  type BucketAccess,
  type BucketProps,
  type ObjectLock,
  type ObjectStore,
  type ObjectStoreKeys,
  type ObjectStoreProps,
  type PinnedImage,
  type PlainBucket,
  region,
  type VersionedBucket,
} from "./store";
