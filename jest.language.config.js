/** The model of Talos' language against what Talos publishes and says: needs the schemas, in the folder that TALOS_SCHEMAS names. */
module.exports = {
  ...require("./jest.config"),
  testMatch: ["coverage", "parity"].map((name) => `<rootDir>/__tests__/machine-configs/${name}.test.ts`),
  testPathIgnorePatterns: ["/node_modules/"],
};
