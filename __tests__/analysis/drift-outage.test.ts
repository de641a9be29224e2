import { type Attempt, backendOutage } from "../../analysis/drift-outage";

/** Two plans at a time, each of two seconds: the k-th begins at k and ends at k + 2. */
function attempts(...outcomes: Attempt["outcome"][]): Attempt[] {
  return outcomes.map((outcome, index) => ({ name: `s${index}`, began: index, ended: index + 2, outcome }));
}

const gone = "backend error";

test("from the moment on at which the backend was gone, nothing was measured", () => {
  expect(backendOutage(attempts("planned", "other", "planned", gone, gone, gone))).toEqual(["s3", "s4", "s5"]);
});

test("a plan that had its state already does not end the tail", () => {
  expect(backendOutage(attempts("planned", gone, "planned", gone, gone))).toEqual(["s1", "s3", "s4"]);
});

test("a backend that was never there is an outage, too", () => {
  expect(backendOutage(attempts(gone, gone, gone))).toHaveLength(3);
});

test.each([
  ["that come back", attempts(gone, gone, gone, "planned", "planned", "planned")],
  ["of one or two stacks", attempts("planned", "planned", gone, gone)],
  ["of another kind", attempts("planned", "other", "other", "other")],
])("errors %s are errors", (_, all) => {
  expect(backendOutage(all)).toEqual([]);
});
