/** The code that is written from an inventory, as the real compiler sees it. */
import { answersOf, inventories, written } from "../helpers/inventories";
import { typeCheck } from "../helpers/type-check";

test("it type-checks against the library", () => {
  const modules = inventories.map((name) => ({ title: name, text: written(name, answersOf(name)).code }));
  expect(typeCheck(modules, ["index"])).toBe("");
});

test("a host that the site does not have would not", () => {
  const text = written("home", answersOf("home")).code.replace('host: "pve"', 'host: "pve9"');
  expect(typeCheck([{ title: "wrong", text }], ["index"])).toMatch(/'"pve9"' is not assignable to type '"pve"'/);
});
