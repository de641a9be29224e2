import { Construct, type IConstruct } from "constructs";
import {
  backupOfOtherData,
  dataWithoutBackup,
  drillOfOtherBackup,
  type Problem,
  protectedTwice,
  protectionIncomplete,
} from "../errors";
import { type BackupFacts, backupPages, backupTable } from "../runbooks";
import { addCheck, addFiles } from "./private/checks";
import { fileName } from "./private/names";
import type { RestoreDrill } from "./private/restore-drill";
import type { ProxmoxSite } from "./proxmox-site";

/** A construct of a site that holds data which nothing else makes again. Own constructs may be such, too. */
export interface DataHolder extends IConstruct {
  readonly site: ProxmoxSite;
  /** What data that is, such as `etcd of lab`; nothing if it holds none. */
  readonly holdsData: string | undefined;
}

/** A construct that makes backups, and knows of what. Own constructs may be such, too. */
export interface BackupSource extends IConstruct {
  /** Whether something is in the backups; true of what it cannot judge. */
  backsUp(holder: DataHolder): boolean;
}

/** How data comes back. */
export interface Protection {
  /** What makes the backups: its construct, or words where it is none. A construct has to have the data in its backups. */
  readonly backup: IConstruct | string;

  /** Where a copy is that outlives the place, in words: `the NAS in the other building`. */
  readonly offsite: string;

  /**
   * What restores it for practice: its construct, or words such as `by hand, each quarter`. A construct has to restore the
   * very backup that is named.
   */
  readonly drill: IConstruct | string;
}

export interface BackupPolicyProps {
  readonly site: ProxmoxSite;
}

/**
 * What of a site is backed up, where the copy is, and what restores it for practice. Synth is refused while something
 * that holds data is neither protected nor left out with a reason; else it writes the table to `backups/<site>` beside the
 * stacks, as Markdown for people and as JSON for the gates (GATE-11). Nothing that Terraform does changes.
 *
 * @example
 * const policy = new BackupPolicy(app, { site });
 * policy.protect(cluster, { backup: snapshots, offsite: "the bucket at the provider", drill: "by hand, each quarter" });
 * policy.leaveOut(scratch, "a cache, which fills itself again");
 */
export class BackupPolicy extends Construct {
  readonly #site: ProxmoxSite;
  readonly #said: { readonly of: readonly (DataHolder | string)[]; readonly answer: Protection | string }[] = [];

  constructor(scope: Construct, { site }: BackupPolicyProps) {
    const folder = fileName(site.name);
    super(scope, `${folder}-backups`);
    this.#site = site;
    addCheck(this, () => [...site.problems(this), ...this.#problems()]);
    addFiles(this, `backups/${folder}`, () => backupPages(site.name, this.#facts()));
  }

  /** Says how the data of one or several things comes back; of what is no construct of the app in words. */
  protect(of: DataHolder | string | readonly (DataHolder | string)[], protection: Protection): void {
    this.#said.push({ of: [of].flat(), answer: protection });
  }

  /** Says why the data of one or several things needs no backup. */
  leaveOut(of: DataHolder | string | readonly (DataHolder | string)[], reason: string): void {
    this.#said.push({ of: [of].flat(), answer: reason });
  }

  /** The table as Markdown, of what was said until now. */
  get table(): string {
    return backupTable(this.#facts());
  }

  #facts(): BackupFacts[] {
    return this.#said.flatMap(({ of, answer }) =>
      of.map((one) => {
        const data = nameOf(one);
        if (typeof answer === "string") {
          return { data, reason: answer };
        }
        const { backup, offsite, drill } = answer;
        return { data, backup: textOf(backup), offsite, drill: textOf(drill) };
      }),
    );
  }

  #problems(): Problem[] {
    const said = this.#said.flatMap(({ of }) => of);
    const where = this.node.path;
    return [
      ...this.#holders()
        .filter((holder) => !said.includes(holder))
        .map((holder) => dataWithoutBackup(holder.node.path, nameOf(holder), where)),
      ...said.filter((one, index) => said.indexOf(one) < index).map((one) => protectedTwice(where, nameOf(one))),
      ...this.#facts().flatMap((facts) =>
        Object.entries(facts)
          .filter(([, text]) => text.trim() === "")
          .map(([part]) => protectionIncomplete(where, facts.data, part)),
      ),
      ...this.#said.flatMap(({ of, answer }) =>
        of.flatMap((one) => [...sourceProblems(where, one, answer), ...drillProblems(where, one, answer)]),
      ),
    ];
  }

  #holders(): DataHolder[] {
    return this.node.root.node
      .findAll()
      .filter(isDataHolder)
      .filter(({ site, holdsData }) => site.name === this.#site.name && holdsData !== undefined);
  }
}

function isDataHolder(construct: IConstruct): construct is DataHolder {
  return "holdsData" in construct && "site" in construct;
}

function isBackupSource(means: IConstruct | string): means is BackupSource {
  return typeof means !== "string" && "backsUp" in means;
}

function isRestoreDrill(means: IConstruct | string): means is RestoreDrill {
  return typeof means !== "string" && "backup" in means && "reservation" in means;
}

function nameOf(holder: DataHolder | string): string {
  return typeof holder === "string" ? holder : (holder.holdsData ?? holder.node.path);
}

function textOf(means: IConstruct | string): string {
  if (typeof means === "string") {
    return means;
  }
  const reservation = isRestoreDrill(means) ? means.reservation : undefined;
  return reservation === undefined ? means.node.path : `${means.node.path} (${reservation})`;
}

function sourceProblems(where: string, one: DataHolder | string, answer: Protection | string): Problem[] {
  if (typeof one === "string" || typeof answer === "string" || !isBackupSource(answer.backup)) {
    return [];
  }
  return answer.backup.backsUp(one) ? [] : [backupOfOtherData(where, nameOf(one), textOf(answer.backup))];
}

function drillProblems(where: string, one: DataHolder | string, answer: Protection | string): Problem[] {
  if (typeof answer === "string" || !isRestoreDrill(answer.drill) || answer.drill.backup === answer.backup) {
    return [];
  }
  const { drill, backup } = answer;
  return [drillOfOtherBackup(where, nameOf(one), drill.node.path, drill.backup.node.path, textOf(backup))];
}
