import { readdirSync } from "node:fs";
import { join } from "node:path";
import { composeConfiguration, type Intent, renderDocuments } from "../../machine-configs";
import { judge } from "../../machine-configs/judge";
import { expectGolden } from "./golden";
import { examples, machineOf } from "./intents";
import { contracts, worker } from "./machines";
import { baseOf, releases } from "./verdicts";

describe.each(contracts)("contract %s", (contract) => {
  const those = examples.filter(({ contracts: some = contracts }) => some.includes(contract));

  test.each(those)("$title", (example) => {
    const { documents, problems } = composeConfiguration(machineOf(example, contract), [example.intent(contract)]);
    expect(problems).toEqual([]);
    expectGolden(`${example.file}.${contract}.yaml`, renderDocuments(documents));
  });

  test.each(those)("$title is accepted on top of what Talos generated", (example) => {
    const machine = machineOf(example, contract);
    const { documents } = composeConfiguration(machine, [example.intent(contract)]);
    const release = releases.find((one) => one.startsWith(`${contract}.`));
    if (release === undefined) throw new Error(`There is no base for ${contract}.`);
    const base = { name: "base", text: baseOf(release, machine.role) };
    const bare = judge(base, [], machine).problems.map(({ where, code }) => `${where} ${code}`);
    const { problems } = judge(base, [{ name: example.file, text: renderDocuments(documents) }], machine);
    expect(problems.filter(({ where, code }) => !bare.includes(`${where} ${code}`))).toEqual([]);
  });

  const forWorkers = those.filter(({ role }) => role === "worker").map(({ intent }) => intent(contract).name);
  const forControlPlanes = those.filter(({ intent }) => !forWorkers.includes(intent(contract).name));

  test.each(forControlPlanes)("$title is nothing on a worker", ({ intent }) => {
    expect(composeConfiguration(worker(contract), [intent(contract)])).toMatchObject({ documents: [], problems: [] });
  });
});

test.each(examples)("$title is refused by the contracts that have no form for it", (example) => {
  const without = contracts.filter((contract) => !(example.contracts ?? contracts).includes(contract));
  const refused = without.filter(
    (contract) => composeConfiguration(machineOf(example, contract), [example.intent(contract)]).problems.length > 0,
  );
  expect(refused).toEqual(without);
});

test("every golden file belongs to an example", () => {
  const expected = examples.flatMap(({ file, contracts: some = contracts }) =>
    some.map((contract) => `${file}.${contract}.yaml`),
  );
  expect(readdirSync(join(__dirname, "golden")).sort()).toEqual(expected.sort());
});

test("every intent has an example that says what it is for", () => {
  const named = examples.flatMap(({ need, intent }) => (need === undefined ? [] : [intent("1.14").name]));
  expect([...new Set(named)].sort()).toEqual([...named].sort());
  const all: Intent[] = examples.map(({ intent }) => intent("1.14"));
  expect(all.map(({ name }) => name).filter((name) => !named.includes(name))).toEqual([]);
});
