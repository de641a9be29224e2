import { imageWithoutDigest, type Problem, terraformValueInCompose, wrongValue } from "../../errors";
import type { At } from "../../machine-configs/document";
import type { CloudFile, CloudInitPiece } from "../piece";
import { yamlText } from "../render";

/** A service of a compose project, in the words of the compose specification. */
export interface ComposeService {
  /** With its digest: `docker.io/library/registry@sha256:…`. */
  readonly image: `${string}@sha256:${string}`;

  readonly [field: string]: unknown;
}

/** A compose project, in the words of the compose specification. */
export interface ComposeProject {
  /** By name. A service without `restart` has `unless-stopped`. */
  readonly services: Readonly<Record<string, ComposeService>>;

  readonly [section: string]: unknown;
}

export interface DockerHostProps {
  /** By name. Each is `/opt/<name>/docker-compose.yml`, started at every boot by `compose@<name>.service`. */
  readonly projects: Readonly<Record<string, ComposeProject>>;
}

/**
 * Docker with compose projects (PVE-16), from Ubuntu's own packages. Files that a service mounts are given as `files` of
 * another piece, below the project's folder.
 */
export function dockerHost({ projects }: DockerHostProps): CloudInitPiece {
  const units = Object.keys(projects).map((name) => `compose@${name}.service`);
  return {
    name: "dockerHost",
    packages: ["docker.io", "docker-compose-v2"],
    files: [
      { path: "/etc/docker/daemon.json", content: `${JSON.stringify(DAEMON, null, 2)}\n` },
      { path: "/etc/systemd/system/compose@.service", content: UNIT },
      ...Object.entries(projects).map(composeFile),
    ],
    commands: units.length === 0 ? [] : [["systemctl", "enable", "--now", "--no-block", ...units]],
    problems: (at, isUnknown) =>
      Object.entries(projects).flatMap(([name, project]) => [
        ...projectProblems(name, project, at),
        ...(isUnknown(JSON.stringify(project)) ? [terraformValueInCompose(at("projects", name))] : []),
      ]),
  };
}

/** `local` rotates logs, which Docker's default does not; containers outlive a restart of the daemon. */
const DAEMON = { "live-restore": true, "log-driver": "local" };

const UNIT = `[Unit]
Description=Compose project %i
Wants=docker.service network-online.target
After=docker.service network-online.target

[Service]
Type=oneshot
RemainAfterExit=yes
WorkingDirectory=/opt/%i
ExecStart=/usr/bin/docker compose up --detach --remove-orphans
ExecStop=/usr/bin/docker compose stop
TimeoutStartSec=15min
Restart=on-failure
RestartSec=30

[Install]
WantedBy=multi-user.target
`;

function composeFile([name, project]: readonly [string, ComposeProject]): CloudFile {
  const services = Object.entries(project.services).map(([service, fields]) => [
    service,
    { restart: "unless-stopped", ...fields },
  ]);
  const content = yamlText({ ...project, services: Object.fromEntries(services) });
  return { path: `/opt/${name}/docker-compose.yml`, content };
}

function projectProblems(name: string, { services }: ComposeProject, at: At): readonly Problem[] {
  return [
    ...(/^[a-z0-9][a-z0-9_-]*$/.test(name)
      ? []
      : [wrongValue(at("projects", name), name, "a project name of lower-case letters, digits, - and _")]),
    ...Object.entries(services)
      .filter(([, { image }]) => !/^[^\s@]+@sha256:[0-9a-f]{64}$/.test(image))
      .map(([service, { image }]) => imageWithoutDigest(at("projects", name, "services", service, "image"), image)),
  ];
}
