// The engine tier: real Terraform or OpenTofu, provider doubles, one process per command. Two workers at most, because
// every Terraform command starts several processes of its own.
module.exports = {
  rootDir: __dirname,
  testMatch: ["<rootDir>/__tests__/engine/**/*.test.ts"],
  // With the registry's own providers there is no double to prove.
  testPathIgnorePatterns: [
    "/node_modules/",
    ...(process.env.PROVIDERS === "real" ? ["/provider-double\\.test\\.ts$"] : []),
  ],
  testEnvironment: "node",
  modulePathIgnorePatterns: ["<rootDir>/dist", "<rootDir>/cdktf.out"],
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      { jsc: { parser: { syntax: "typescript" }, target: "es2022" }, module: { type: "commonjs" } },
    ],
  },
  maxWorkers: 2,
  testTimeout: 300_000,
};
