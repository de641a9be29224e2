/** Images: what a reference to one looks like, and those of Kubernetes components, of which Talos reads the version. */
import { kubernetesImageUnsupported, kubernetesImageUnversioned, type Problem } from "../../errors";
import { isAtLeast, isKnownMinor, releases } from "../releases";
import { z } from "../zod";
import { urlParts } from "./urls";

/** An image that containers are made of: a name alone, or with its registry, a tag and a digest. */
export const image = () =>
  z.string().refine(isImage, "an image, such as ghcr.io/example/agent:v1.2.3, in lower case up to the tag");

const IMAGE = /^(?:([^/]*[.:][^/]*|localhost)\/)?[a-z0-9._/-]{2,255}(?::[\w.-]{0,128})?(?:@sha256:[0-9a-f]{64})?$/;

/** The first part of a name is a registry when it cannot be anything else. */
function isImage(text: string): boolean {
  const [match, registry = ""] = IMAGE.exec(text) ?? [];
  return match !== undefined && !/[?#@]/.test(registry) && urlParts(`//${registry}`) !== undefined;
}

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
