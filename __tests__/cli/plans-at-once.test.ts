import { plansAtOnce } from "../../cli/plans-at-once";

const gibibyte = 1024 ** 3;

test.each([
  ["processors wait together", 2, 16 * gibibyte, 8],
  ["memory is the limit", 8, 2 * gibibyte, 4],
  ["a container has a part of a processor", 0.5, gibibyte, 2],
  ["there is next to nothing", 0.1, 0.1 * gibibyte, 1],
])("where %s, plans at the same time are so many", (_, cpus, bytes, expected) => {
  expect(plansAtOnce(cpus, bytes)).toBe(expected);
});
