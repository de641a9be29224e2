/**
 * cloud-init user data as pure functions: pieces in, YAML and problems out. Needs neither Terraform nor files, and may
 * be used on its own:
 *
 * ```ts
 * const { config, problems } = composeCloudInit(
 *   { name: "build-1" },
 *   ubuntuMachine({ hostname: "build-1", users: [{ name: "ops", sshKeys }], pieces: [{ name: "tools", packages: ["git"] }] }),
 * );
 * if (problems.length === 0) console.log(userData(renderCloudConfig(config)));
 * ```
 */
export { type CloudConfig, type CloudInit, type CloudMachine, composeCloudInit } from "./compose";
export type {
  AptSource,
  CloudFile,
  CloudInitPiece,
  CloudPackage,
  CloudUser,
  Command,
  IsUnknown,
  Permissions,
  SecretText,
} from "./piece";
export { type ComposeProject, type ComposeService, type DockerHostProps, dockerHost } from "./pieces/docker-host";
export { guestAgent } from "./pieces/guest-agent";
export { type KubeadmJoin, type KubeadmWorkerProps, kubeadmWorker } from "./pieces/kubeadm-worker";
export { hardenedSsh, maskedSsh } from "./pieces/ssh";
export { type SshPolicy, type UbuntuMachineProps, ubuntuMachine } from "./pieces/ubuntu-machine";
export { renderCloudConfig, userData, userDataDigest } from "./render";
