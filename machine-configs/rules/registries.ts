/** Names of registries. */
import { type Problem, wrongValue } from "../../errors";
import type { At } from "../document";
import { isEndpoint } from "./urls";

const A_HOST = "the host of a registry, with its port if it has one, such as registry.example.com:5000";

/** Registries that no image name begins with, so that what is said about them never counts. */
export function registryHostProblems(hosts: readonly string[], at: At): readonly Problem[] {
  return hosts
    .filter((host) => /[/?#@]/.test(host) || !isEndpoint(`https://${host}`))
    .map((host) => wrongValue(at(host), host, A_HOST));
}
