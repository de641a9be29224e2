/** The model of Talos' language against what Talos publishes and says: needs the folders TALOS_SCHEMAS and TALOS_VERDICTS, and Go. */
module.exports = {
  ...require("./jest.config"),
  testMatch: ["coverage", "error-paths", "migrate/verdicts", "parity", "validator"].map(
    (name) => `<rootDir>/__tests__/machine-configs/${name}.test.ts`,
  ),
  testPathIgnorePatterns: ["/node_modules/"],
};
