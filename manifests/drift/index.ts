/** The watch over drift, as plain data. */
export { type DriftAlertOptions, driftAlerts } from "./alerts";
export {
  type DriftCredentials,
  defaultVaultRole,
  type NoCredentials,
  type SecretCredentials,
  type VaultCredentials,
  type VaultValue,
  vaultPolicyOf,
} from "./credentials";
export { driftRow, fileIntegrityRow } from "./dashboard";
export { type DriftProgram, type DriftRepository, type DriftVolume, driftDetectionObjects } from "./objects";
