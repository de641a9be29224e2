/** What Talos' own code answers: whether it takes a configuration with patches, and what the machine would get. */
import { spawnSync } from "node:child_process";
import { type talosReleases, talosValidator } from "../../helpers/go-programs";

export type AskedRelease = (typeof talosReleases)[number];

/** A configuration and what is merged into it, one after the other. */
export interface Question {
  readonly base: string;
  readonly patches: readonly string[];
}

export interface Answer {
  /** Why it is refused; empty when it is accepted. */
  readonly error: string;
  /** What the machine would get; empty when nothing can be made of it. */
  readonly configuration: string;
}

/** The answers of a release, in the order of the questions. */
export function answers(release: AskedRelease, questions: readonly Question[]): readonly Answer[] {
  const { stdout, stderr, status } = spawnSync(talosValidator(release), {
    input: questions.map((question) => `${JSON.stringify(question)}\n`).join(""),
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  if (status !== 0) throw new Error(`Talos' code ended with ${status}: ${stderr}`);
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}
