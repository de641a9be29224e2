import { readdirSync } from "node:fs";
import * as path from "node:path";
import { expectGolden } from "../helpers/golden";
import { machines, textOf } from "./machines";

const golden = path.join(__dirname, "golden");

test.each(Object.entries(machines))("the machine %s gets the user data that its golden file shows", (name, pieces) => {
  expectGolden(path.join(golden, `${name}.yaml`), textOf(pieces));
});

test("every golden file belongs to a machine", () => {
  expect(readdirSync(golden).sort()).toEqual(
    Object.keys(machines)
      .map((name) => `${name}.yaml`)
      .sort(),
  );
});
