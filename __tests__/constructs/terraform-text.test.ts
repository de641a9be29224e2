import { terraformText } from "../../constructs/private/terraform-text";

test.each([
  ["${NODE}", "$${NODE}"],
  ["%{if true}", "%%{if true}"],
  ["$${already}", "$$${already}"],
  ["$NODE costs 5$ and 100% {of} it", "$NODE costs 5$ and 100% {of} it"],
  ['quotes " and \\n backslashes stay', 'quotes " and \\n backslashes stay'],
])("%s becomes %s", (text, expected) => {
  expect(terraformText(text)).toBe(expected);
});
