/** Files that the machine is asked to write: checked by nobody before the machine boots. */
import {
  fileMustExist,
  fileNeverRead,
  fileOperationUnknown,
  fileOutsideVar,
  type Problem,
  permissionsDecimal,
} from "../../errors";
import { identityOf, kindOf, ROOT_KIND, type TalosDocument } from "../document";
import type { PlacedProblem } from "../rules/conflicts";
import { CRI_PART } from "../rules/containerd";
import { listAt, textAt } from "./fields";

const OPERATIONS = ["create", "append", "overwrite"];

/** Permissions as people write them, read as decimal numbers. */
const LOOK_OCTAL = [400, 440, 444, 600, 640, 644, 660, 664, 666, 700, 740, 744, 750, 755, 770, 775, 777];

/** What the machine refuses or ignores about `machine.files` and files below `/etc`. */
export function fileProblems(document: TalosDocument): readonly PlacedProblem[] {
  if (kindOf(document) === ROOT_KIND) return rootProblems(document);
  return kindOf(document) === "EtcFileConfig" ? modeProblems(document) : [];
}

function rootProblems(root: TalosDocument): readonly PlacedProblem[] {
  return listAt(root, ["machine", "files"]).flatMap((file, index) => {
    const at = (field: string, problem: (where: string) => Problem): PlacedProblem => {
      const path = ["machine", "files", index, field];
      return { identity: ROOT_KIND, path, problem: problem(path.join(".")) };
    };
    const path = textAt(file, ["path"]) ?? "";
    const operation = textAt(file, ["op"]);
    const permissions = Reflect.get(Object(file), "permissions");
    const found: PlacedProblem[] = [];
    if (operation !== undefined && operation !== "" && !OPERATIONS.includes(operation)) {
      found.push(at("op", (where) => fileOperationUnknown(where, operation)));
    }
    if (path !== CRI_PART) {
      const isBelowVar = /^\/var\/./.test(path) && !path.split("/").includes("..");
      if (/^\/var\/cri\/conf\.d\//.test(path)) found.push(at("path", (where) => fileNeverRead(where, path)));
      else if (!isBelowVar && operation === "create") found.push(at("path", (where) => fileOutsideVar(where, path)));
      else if (!isBelowVar) found.push(at("path", (where) => fileMustExist(where, path)));
    }
    if (lacksOctalPrefix(permissions)) found.push(at("permissions", (where) => permissionsDecimal(where, permissions)));
    return found;
  });
}

function modeProblems(file: TalosDocument): readonly PlacedProblem[] {
  const { mode } = file;
  if (!lacksOctalPrefix(mode)) return [];
  return [{ identity: identityOf(file), path: ["mode"], problem: permissionsDecimal("mode", mode) }];
}

/** Whether permissions are octal digits without the prefix that makes them octal. */
function lacksOctalPrefix(permissions: unknown): permissions is number {
  return typeof permissions === "number" && LOOK_OCTAL.includes(permissions);
}
