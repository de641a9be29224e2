// The consumers tier: the packed library, really installed beside cdktf and beside its successor. Needs the npm
// registry.
module.exports = {
  rootDir: __dirname,
  testMatch: ["<rootDir>/__tests__/consumers/**/*.test.ts"],
  testEnvironment: "node",
  modulePathIgnorePatterns: ["<rootDir>/dist", "<rootDir>/cdktf.out"],
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      { jsc: { parser: { syntax: "typescript" }, target: "es2022" }, module: { type: "commonjs" } },
    ],
  },
  testTimeout: 300_000,
};
