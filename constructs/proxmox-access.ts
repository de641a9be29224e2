import { Fn, Token } from "cdktf";
import { Construct } from "constructs";
import type { Privilege } from "../analysis/privileges";
import {
  malformedAccessPath,
  malformedConfigId,
  malformedUserId,
  type Problem,
  privilegeOfOtherMajor,
} from "../errors";
import { Acl } from "../providers/proxmox/acl";
import { UserToken } from "../providers/proxmox/user-token";
import { VirtualEnvironmentRole } from "../providers/proxmox/virtual-environment-role";
import { VirtualEnvironmentUser } from "../providers/proxmox/virtual-environment-user";
import { addCheck } from "./private/checks";
import { claimInStack } from "./private/claims";
import { isConfigId } from "./private/names";
import { siteOf } from "./private/site-of";
import { terraformNote } from "./private/terraform-text";

export interface ProxmoxAccessProps {
  /** The user with its realm: `kubernetes-csi@pve`. A change makes another user, and so another token. */
  readonly user: string;

  /** What it may do. A change is made in place. */
  readonly privileges: readonly Privilege[];

  /**
   * Paths of the access tree on which it may do so, with all that is below them. A grant takes the place of what the
   * user would inherit from above.
   *
   * @default ["/"]
   */
  readonly paths?: readonly string[];

  /** Shown in Proxmox beside user and token. @default - nothing */
  readonly comment?: string;
}

/**
 * Access of one program to the Proxmox API: a user, a role with just its privileges, and a token (PVE-9). The role and
 * the token are named after the construct's id.
 *
 * The token's secret is in the Terraform state. A token that is deleted by hand fails every plan until it is removed
 * from the state as well.
 */
export class ProxmoxAccess extends Construct {
  readonly role: VirtualEnvironmentRole;
  readonly user: VirtualEnvironmentUser;
  readonly token: UserToken;
  /** `<user>@<realm>!<token>`. */
  readonly tokenId: string;
  /** The token's secret alone, which is sensitive. */
  readonly tokenSecret: string;

  constructor(scope: Construct, id: string, props: ProxmoxAccessProps) {
    super(scope, id || "unnamed");
    const { user, privileges, paths = ["/"], comment } = props;
    const shown = comment === undefined ? {} : { comment: terraformNote(comment) };
    this.role = new VirtualEnvironmentRole(this, "Role", { roleId: id, privileges: [...new Set(privileges)].sort() });
    this.user = new VirtualEnvironmentUser(this, "User", { userId: user, ...shown });
    this.token = new UserToken(this, "Token", {
      userId: this.user.userId,
      tokenName: id,
      // The user exists for the token alone, so that what the user may do is what the token may do.
      privilegesSeparation: false,
      ...shown,
    });
    for (const path of new Set(paths)) {
      new Acl(this, path === "/" ? "Root" : path || "unnamed", {
        path,
        roleId: this.role.roleId,
        userId: this.user.userId,
      });
    }
    this.tokenId = `${user}!${id}`;
    this.tokenSecret = Token.asString(Fn.element(Fn.split("=", this.token.value), 1));
    claimInStack(this, "role", () => [id]);
    claimInStack(this, "user", () => [user]);
    addCheck(this, () => this.#problems(id, props));
  }

  #problems(id: string, { user, privileges, paths = [] }: ProxmoxAccessProps): Problem[] {
    const where = this.node.path;
    const major = siteOf(this)?.pveMajor;
    return [
      ...(isConfigId(id) ? [] : [malformedConfigId(where, "role and a token", id)]),
      ...(Token.isUnresolved(user) || /^[^\s:/@!{}]+@[A-Za-z][\w.-]*$/.test(user)
        ? []
        : [malformedUserId(where, user)]),
      ...privileges.flatMap((privilege) =>
        major === undefined || existsOn(privilege, major) ? [] : [privilegeOfOtherMajor(where, privilege, major)],
      ),
      ...paths
        .filter((path) => !/^\/(?:[\w.-]+(?:\/[\w.-]+)*)?$/.test(path))
        .map((path) => malformedAccessPath(where, path)),
    ];
  }
}

/** Proxmox VE 9 has parts in the place of a privilege that was too wide. */
function existsOn(privilege: Privilege, major: 8 | 9): boolean {
  return major === 9 ? privilege !== "VM.Monitor" : !privilege.startsWith("VM.GuestAgent.");
}
