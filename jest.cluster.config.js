/** The cluster tier: objects given to a real kube-apiserver, which is built from its Go module. Needs Go and nothing else. */
module.exports = {
  ...require("./jest.config.js"),
  testMatch: ["<rootDir>/__tests__/cluster/**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/"],
  globalSetup: "<rootDir>/__tests__/cluster/support/start.ts",
  globalTeardown: "<rootDir>/__tests__/cluster/support/stop.ts",
  testTimeout: 60_000,
};
