import { isSchedule } from "../../manifests";

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
