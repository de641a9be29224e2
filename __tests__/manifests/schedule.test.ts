import { isSchedule, longestGap, shortestGap } from "../../manifests";

test.each([
  ["30 2 * * *", true, false],
  ["*/15 0-6 1,15 JUL MON-FRI", true, false],
  ["0 30 2 * * *", false, true],
  ["@daily", false, false],
  ["61 2 * * *", false, false],
  ["0 0 L * *", false, false],
  ["0 0 * * 5#2", false, false],
  ["0 0 15W * *", false, false],
  ["often", false, false],
  ["", false, false],
])("%p is a schedule of five fields: %p, of six: %p", (text, five, six) => {
  expect([isSchedule(text), isSchedule(text, "6-part")]).toEqual([five, six]);
});

test.each([
  ["*/10 * * * *", 600],
  ["0 30 2 * * *", 86_400],
  ["0 4 * * 0", 7 * 86_400],
  ["0 4 1,15 * *", 17 * 86_400],
  ["0 4 1 * *", 31 * 86_400],
  ["0 4 * * MON-FRI", 3 * 86_400],
])("by %p nothing happens for %d seconds at most", (schedule, seconds) => {
  expect(longestGap(schedule)).toBe(seconds);
});

test.each([
  ["0 6 * * *", 86_400],
  ["0 6 * * 1-5", 86_400],
  ["*/20 0-3 * * *", 1200],
])("by %p at least %d seconds are between two runs", (schedule, seconds) => {
  expect(shortestGap(schedule)).toBe(seconds);
});
