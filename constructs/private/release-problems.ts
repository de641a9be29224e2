import { malformedNamespace, malformedReleaseName, type Problem } from "../../errors";
import { isDnsLabel } from "../../manifests";

/** Helm's limit: its own objects append to the name of a release. */
const longestName = 53;

/** What Helm would refuse about a release: its name, and the namespace that it is in. */
export function releaseProblems(where: string, name: string, namespace: string): Problem[] {
  return [
    ...(name.length <= longestName && isDnsLabel(name) ? [] : [malformedReleaseName(where, name)]),
    ...(isDnsLabel(namespace) ? [] : [malformedNamespace(where, namespace)]),
  ];
}
