/**
 * The programs tier: our command as a program of its own, and what we write for other programs, given to those programs.
 * Needs what `.ci/run` installs for it.
 */
module.exports = {
  ...require("./jest.config.js"),
  testMatch: ["<rootDir>/__tests__/{cli,programs}/**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/"],
  testTimeout: 60_000,
};
