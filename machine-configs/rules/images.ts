/** Images of Kubernetes components, of which Talos reads the version. */
import { kubernetesImageUnsupported, kubernetesImageUnversioned, type Problem } from "../../errors";
import { isAtLeast, isKnownMinor, releases } from "../releases";

/**
 * What is wrong with the version in an image's tag.
 *
 * @param talos the minor release of the machine's Talos; the newest known one when it is not.
 */
export function kubernetesImageProblems(image: string, where: string, talos: string | undefined): readonly Problem[] {
  const version = /:v(?!.*:v)([^@]*)/.exec(image)?.[1];
  const kubernetes =
    version === undefined ? undefined : /^(\d+\.\d+)(?:\.\d+)?(?:[-+][0-9A-Za-z.+-]+)?$/.exec(version)?.[1];
  if (kubernetes === undefined) return [kubernetesImageUnversioned(where, image)];
  const minor = talos ?? "1.14";
  if (!isKnownMinor(minor)) return [];
  const [oldest, newest] = releases[minor].kubernetes;
  if (isAtLeast(kubernetes, oldest) && isAtLeast(newest, kubernetes)) return [];
  return [kubernetesImageUnsupported(where, image, kubernetes, minor, oldest, newest)];
}
