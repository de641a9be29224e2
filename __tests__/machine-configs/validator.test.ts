/**
 * What we say of configurations and make of patches, against Talos' own code: needs Go. In the language tier these are some
 * hundred random ones of each kind for each release, always the same; FUZZ_RUNS is how many, and FUZZ_SEED makes others.
 */
import fc, { type Arbitrary } from "fast-check";
import { renderDocuments, type TalosDocument } from "../../machine-configs";
import { generatedConfiguration } from "../../machine-configs/generated";
import { judge } from "../../machine-configs/judge";
import { loadSource } from "../../machine-configs/load";
import { minorOf } from "../../machine-configs/releases";
import { schemaOfKind } from "../../machine-configs/validate";
import { talosReleases } from "../helpers/go-programs";
import { changes, configurations, type Machine, machines } from "./fuzz/configurations";
import { type Answer, type AskedRelease, answers, type Question } from "./validator/answers";
import { differencesOf } from "./validator/differences";
import { refused } from "./verdicts";

const runs = Number(process.env["FUZZ_RUNS"] ?? 300);
const seed = Number(process.env["FUZZ_SEED"] ?? 20261121);

/** What is asked for: configurations in one patch, and changes of one thing in three. */
const patches: Readonly<Record<string, (machine: Machine) => Arbitrary<readonly (readonly TalosDocument[])[]>>> = {
  "a configuration in one patch": (machine) => configurations(machine).map(({ extra }) => [extra]),
  "three patches of one thing": (machine) => changes(machine).map((documents) => documents.map((one) => [one])),
};

/**
 * Texts that Talos' YAML library writes in a form in which it reads others: a machine gets those, whatever the patch says.
 * As a block a text loses its first line breaks and tabs; in 1.11 a line break alone, and a key that merges, were not quoted.
 */
const MISWRITTEN: Readonly<Record<AskedRelease, RegExp>> = {
  "1.13.9": /contents: "\\[nt]/,
  "1.11.6": /contents: "\\[nt]|"(?:\\n|<<)"/,
};

const measured = talosReleases.flatMap((release) => Object.keys(patches).map((kind) => ({ release, kind })));

test.each(measured)("Talos $release: $kind is accepted, refused and merged as by us", ({ release, kind }) => {
  const those = machines.filter(({ talos }) => talos === minorOf(release));
  const numRuns = Math.ceil(runs / those.length);
  const all = those.flatMap((machine) => {
    const base = generatedConfiguration(machine.contract, machine.role);
    return fc
      .sample(patches[kind]?.(machine) ?? fc.constant([]), { numRuns, seed })
      .map((given): Question => ({ base, patches: given.map(renderDocuments) }));
  });
  const questions = all.filter((question) => !question.patches.some((patch) => MISWRITTEN[release].test(patch)));
  expect(questions.length).toBeGreaterThan(0.8 * runs);
  const given = answers(release, questions);
  expect(given).toHaveLength(questions.length);
  const accepted = given.filter(({ error }) => error === "");
  expect(accepted.length).toBeGreaterThan(0.8 * questions.length);
  const found = questions.flatMap((question, index) => disagreements(release, question, given[index] ?? NOTHING));
  process.stderr.write(
    `Talos ${release}, ${kind}: ${accepted.length} of ${questions.length} accepted, seed ${seed}, ${found.length} disagreements\n`,
  );
  expect(found.slice(0, SHOWN)).toEqual([]);
});

const NOTHING: Answer = { error: "there is no answer", configuration: "" };

/** More than these say nothing new. */
const SHOWN = 10;

interface Disagreement {
  readonly said: string;
  readonly patches: readonly string[];
}

function disagreements(release: AskedRelease, question: Question, answer: Answer): readonly Disagreement[] {
  const named = question.patches.map((text, index) => ({ name: `patch ${index + 1}`, text }));
  const judgement = judge({ name: "base", text: question.base }, named, { talos: release });
  const about = (said: string) => ({ said, patches: question.patches });
  if (refused(judgement)) {
    const reasons = judgement.problems.map(({ where, message }) => `${where}: ${message}`).join("\n");
    return answer.error === "" ? [about(`We refuse what Talos accepts. ${reasons}`)] : [];
  }
  if (answer.error !== "") return [about(`Talos refuses what we accept. ${answer.error}`)];
  const { documents } = loadSource(answer.configuration, { talos: minorOf(release) ?? release, schemaOfKind });
  const theirs = documents.map(({ document }) => document);
  return differencesOf(judgement.documents, theirs).map(({ at, ours, theirs }) =>
    about(`${at} is ${JSON.stringify(ours)} to us and ${JSON.stringify(theirs)} to Talos.`),
  );
}
