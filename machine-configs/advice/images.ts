/** Kubernetes images that the release does not run: up to Talos 1.13 its validator does not look. */
import { imageOutsideWindow } from "../../errors";
import { kindOf, ROOT_KIND, type TalosDocument } from "../document";
import { isAtLeast, releases, type TalosMinor } from "../releases";
import type { PlacedProblem } from "../rules/conflicts";
import { textAt } from "./fields";

const IMAGES = [
  ["machine", "kubelet", "image"],
  ["cluster", "apiServer", "image"],
  ["cluster", "controllerManager", "image"],
  ["cluster", "scheduler", "image"],
  ["cluster", "proxy", "image"],
];

/** Images of the v1alpha1 document outside of what the release accepts. */
export function imageProblems(documents: readonly TalosDocument[], talos: string): readonly PlacedProblem[] {
  const window = Object.entries(releases).find(([minor]) => minor === talos)?.[1].kubernetes;
  const root = documents.find((document) => kindOf(document) === ROOT_KIND);
  if (window === undefined || isAtLeast(talos, NOW_CHECKED)) return [];
  const [oldest, newest] = window;
  return IMAGES.flatMap((path) => {
    const image = textAt(root, path) ?? "";
    const minor = /:v(\d+\.\d+)\.\d+/.exec(image)?.[1];
    if (minor === undefined || (isAtLeast(minor, oldest) && isAtLeast(newest, minor))) return [];
    return [{ identity: ROOT_KIND, path, problem: imageOutsideWindow(path.join("."), image, talos, oldest, newest) }];
  });
}

const NOW_CHECKED: TalosMinor = "1.14";
