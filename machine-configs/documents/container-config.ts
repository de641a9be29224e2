import { duplicateEntry, fieldMissing, fieldsExclude, type Problem, wrongValue } from "../../errors";
import type { At } from "../document";
import { defineDocument, type FieldsOf } from "../kind";
import { image } from "../rules/images";
import { bytesOf } from "../rules/sizes";
import { exactly, text, uint32 } from "../rules/values";
import { z } from "../zod";

const MOUNT_OPTIONS = ["ro", "rw", "noexec", "nosuid", "nodev", "noatime", "rbind", "rshared"] as const;

const path = () => z.string().refine((value) => value.startsWith("/"), "an absolute path");
const mountOptions = () => z.array(exactly(MOUNT_OPTIONS)).optional();
const capability = () =>
  z
    .string()
    .refine(
      (name) => /^[A-Z_]+$/.test(name) && !name.startsWith("CAP_"),
      "a capability without CAP_, such as NET_ADMIN",
    );

const fields = () =>
  z.strictObject({
    name: z
      .string()
      .refine((name) => /^[a-z0-9-]{1,63}$/.test(name), "a name of 1 to 63 lower-case letters, digits and hyphens"),
    image: image(),
    entrypoint: z.array(z.string()).optional(),
    args: z.array(z.string()).optional(),
    workingDir: z.string().optional(),
    runAs: z.strictObject({ uid: uint32().optional(), gid: uint32().optional() }).optional(),
    environment: z.array(z.string().refine((one) => one.includes("="), "a variable as NAME=value")).optional(),
    mounts: z
      .array(
        z.strictObject({
          userVolume: z.strictObject({ name: text(), destination: path(), options: mountOptions() }).optional(),
          tmpfs: z
            .strictObject({ destination: path(), size: z.string().optional(), options: mountOptions() })
            .optional(),
          hostPath: z.strictObject({ source: path(), destination: path(), options: mountOptions() }).optional(),
        }),
      )
      .optional(),
    security: z
      .strictObject({
        profile: exactly(["", "restricted", "privileged"]).optional(),
        capabilities: z
          .strictObject({ add: z.array(capability()).optional(), drop: z.array(capability()).optional() })
          .optional(),
      })
      .optional(),
    network: z.strictObject({ mode: exactly(["", "none", "host"]).optional() }).optional(),
    resources: z
      .strictObject({
        limits: z
          .strictObject({
            cpu: z
              .string()
              .refine((value) => /^(?:\d+(?:\.\d+)?|\d+m)?$/.test(value), "a number of cores, such as 1500m")
              .optional(),
            memory: z
              .string()
              .refine((value) => value === "" || bytesOf(value) !== undefined, "a size, such as 512MiB")
              .optional(),
          })
          .optional(),
      })
      .optional(),
    dependsOn: z
      .strictObject({
        paths: z.array(path()).optional(),
        networks: z.array(exactly(["addresses", "connectivity", "hostname", "etcfiles"])).optional(),
        time: z.boolean().optional(),
        containers: z.array(text()).optional(),
      })
      .optional(),
  });

/** A container that Talos runs by itself, without Kubernetes. */
export type ContainerFields = FieldsOf<typeof fields>;

export const containerConfig = defineDocument({
  kind: "ContainerConfig",
  since: "1.14",
  fields,
  secrets: [["environment"]],
  problems,
});

function problems(container: ContainerFields, at: At): readonly Problem[] {
  const { capabilities = {} } = container.security ?? {};
  const found: Problem[] = [...mountProblems(container, (...inner) => at("mounts", ...inner))];
  (capabilities.add ?? []).forEach((name, index) => {
    const place = at("security", "capabilities", "add", index);
    if (name === "ALL")
      found.push(wrongValue(place, name, "a single capability; all of them are the profile privileged"));
    else if (capabilities.drop?.includes(name)) found.push(fieldsExclude(place, `add: ${name}`, `drop: ${name}`));
  });
  (container.dependsOn?.containers ?? []).forEach((name, index) => {
    if (name === container.name) {
      found.push(wrongValue(at("dependsOn", "containers", index), name, "another container"));
    }
  });
  return found;
}

function mountProblems({ mounts = [] }: ContainerFields, at: At): readonly Problem[] {
  const sources = mounts.map((mount) =>
    Object.entries(mount).flatMap(([name, source]) => (source === undefined ? [] : [{ name, source }])),
  );
  const destinations = sources.map(([only]) => only?.source.destination);
  return sources.flatMap(([first, second], index) => {
    if (first === undefined) return [fieldMissing(at(index), "one of userVolume, tmpfs and hostPath")];
    if (second !== undefined) return [fieldsExclude(at(index), first.name, second.name)];
    const { destination, options = [] } = first.source;
    const found: Problem[] = [];
    if (destinations.indexOf(destination) < index) {
      found.push(duplicateEntry(at(index, first.name, "destination"), "destination", destination));
    }
    if (options.includes("ro") && options.includes("rw")) {
      found.push(fieldsExclude(at(index, first.name, "options"), "ro", "rw"));
    }
    return found;
  });
}
