/** What is accepted still is in the form of every later contract, unless somebody is told what is left. */
import { renderDocuments } from "../../../machine-configs";
import { migrate } from "../../../machine-configs/migrate";
import { contracts } from "../machines";
import { configurations } from "./configurations";
import { forAll, tried } from "./settings";

const migrations = tried
  .filter(({ contract, talos }) => contract === talos)
  .flatMap((machine) => {
    const later = contracts.slice(contracts.indexOf(machine.contract) + 1);
    return later.map((to) => ({ ...machine, to }));
  });

test.each(migrations)("from $contract to $to, for a $role", ({ to, ...machine }) => {
  forAll(machine, configurations(machine), ({ documents }) => {
    const { left, problems, readable } = migrate(
      { name: "text", text: renderDocuments(documents) },
      { from: machine.contract, to },
    );
    const refused = problems.filter(({ tier, severity }) => tier === "talos" && severity === "error");
    expect({ readable, refused: left.length > 0 ? [] : refused }).toEqual({ readable: true, refused: [] });
  });
});
