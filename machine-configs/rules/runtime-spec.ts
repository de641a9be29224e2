/** The OCI runtime specification, as far as types go: what it does not have is ignored by Talos. */
import { z } from "../zod";

const list = () => z.array(z.unknown());
const map = () => z.record(z.string(), z.unknown());

/** A runtime specification, or a part of one. */
export const runtimeSpec = () =>
  z.looseObject({
    ociVersion: z.string().optional(),
    process: z
      .looseObject({
        terminal: z.boolean().optional(),
        user: map().optional(),
        args: z.array(z.string()).optional(),
        env: z.array(z.string()).optional(),
        cwd: z.string().optional(),
        capabilities: map().optional(),
        rlimits: z
          .array(
            z.looseObject({
              type: z.string().optional(),
              hard: z.int().min(0).optional(),
              soft: z.int().min(0).optional(),
            }),
          )
          .optional(),
        noNewPrivileges: z.boolean().optional(),
        apparmorProfile: z.string().optional(),
        oomScoreAdj: z.int().optional(),
        selinuxLabel: z.string().optional(),
      })
      .optional(),
    root: map().optional(),
    hostname: z.string().optional(),
    domainname: z.string().optional(),
    mounts: list().optional(),
    hooks: map().optional(),
    annotations: z.record(z.string(), z.string()).optional(),
    linux: z
      .looseObject({
        uidMappings: list().optional(),
        gidMappings: list().optional(),
        sysctl: z.record(z.string(), z.string()).optional(),
        resources: map().optional(),
        cgroupsPath: z.string().optional(),
        namespaces: list().optional(),
        devices: list().optional(),
        seccomp: map().optional(),
        maskedPaths: z.array(z.string()).optional(),
        readonlyPaths: z.array(z.string()).optional(),
      })
      .optional(),
  });
