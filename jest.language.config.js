/** The model of Talos' language against what Talos publishes: needs the schemas, in the folder that TALOS_SCHEMAS names. */
module.exports = {
  ...require("./jest.config"),
  testMatch: ["<rootDir>/__tests__/machine-configs/coverage.test.ts"],
  testPathIgnorePatterns: ["/node_modules/"],
};
