import { CompiledCommand } from "./support/command";

let command: CompiledCommand;

beforeAll(() => {
  command = new CompiledCommand();
});

afterAll(() => command.remove());

test("prints the schema of a release as JSON", async () => {
  const { code, stdout } = await command.run(["schema", "--talos", "1.13"], process.env);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ title: "Talos 1.13 machine configuration" });
});

test("a release that the library does not know is refused with those that it knows", async () => {
  const { code, stdout, stderr } = await command.run(["schema", "--talos", "1.9"], process.env);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain("Allowed choices are 1.11, 1.12, 1.13, 1.14");
});
