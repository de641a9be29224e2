/** What becomes of representative patches. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Contract } from "../../../machine-configs";
import { type Migration, migrate, type Remark } from "../../../machine-configs/migrate";
import { expectGolden } from "../../helpers/golden";
import { contracts } from "../machines";
import { linesOf, steps } from "./lines";

describe.each(readdirSync(join(__dirname, "patches")))("the patch %s", (file) => {
  const original = readFileSync(join(__dirname, "patches", file), "utf8");

  test.each(steps)("goes from $from to $to", ({ from, to }) => {
    const result = migrate({ name: file, text: patchFor(from, original) }, { from, to, role: "controlplane" });
    expectGolden(golden(file, to), reportOf(result) + result.text);
  });

  test("becomes the same at once as in steps", () => {
    const { text } = migrate({ name: file, text: original }, { from: "1.11", to: "1.14", role: "controlplane" });
    expect(linesOf(text, "1.14")).toEqual(linesOf(patchFor("1.14", original), "1.14"));
  });
});

/** A patch of the first contract in the form of another one. */
function patchFor(contract: Contract, original: string): string {
  const until = steps.filter(({ to }) => contracts.indexOf(to) <= contracts.indexOf(contract));
  return until.reduce((text, step) => migrate({ name: "", text }, { ...step, role: "controlplane" }).text, original);
}

/** What a person is told, as comments. */
function reportOf({ moved, left, notes, problems }: Migration): string {
  const remark = (word: string) => (one: Remark) =>
    `${one.line}:${one.column}: ${word}: ${one.problem.code} ${one.problem.where}`;
  const lines = [
    ...moved.map(({ from, to, line, column }) => `${line}:${column}: ${from} → ${to}`),
    ...left.map(remark("left")),
    ...notes.map(remark("note")),
    ...problems.map(({ severity, code, where }) => `${severity}: ${code} ${where}`),
  ];
  return lines.map((line) => `# ${line}\n`).join("");
}

function golden(file: string, contract: Contract): string {
  return join(__dirname, "golden", file.replace(".", `.${contract}.`));
}
