/** The engine tier: the real Terraform or OpenTofu, on the provider double or, with `PROVIDERS=real`, on the providers. */
module.exports = {
  ...require("./jest.config.js"),
  testMatch: ["<rootDir>/__tests__/engine/**/*.test.ts"],
  testPathIgnorePatterns: [
    "/node_modules/",
    // With the registry's own providers there is no double to prove.
    ...(process.env.PROVIDERS === "real" ? ["/provider-double\\.test\\.ts$"] : []),
  ],
  // Every Terraform command starts several processes of its own.
  maxWorkers: 2,
  testTimeout: 300_000,
};
