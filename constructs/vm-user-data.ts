import { type TerraformResource, Token } from "cdktf";
import { malformedSnippet, type Problem } from "../errors";

/** User data of cloud-init that somebody else writes. */
export interface UserData {
  /** Snippet on the VM's host: `<datastore>:snippets/<file>`. A change replaces the VM. */
  readonly file: string;

  /**
   * The resource that puts it there. A change does nothing to a VM that exists.
   *
   * @default - it is there already
   */
  readonly after?: TerraformResource;
}

/** The datastore of a file of user data. @internal */
export function datastoreOf({ file }: UserData): string {
  return file.split(":")[0] ?? "";
}

/** What is wrong with the file of user data. @internal */
export function userDataProblems(where: string, userData: UserData | undefined): Problem[] {
  return userData === undefined ||
    Token.isUnresolved(userData.file) ||
    /^[\w.-]+:snippets\/[^/\s]+$/.test(userData.file)
    ? []
    : [malformedSnippet(where, userData.file)];
}
