/** The unit tier: needs Node and nothing else. */
module.exports = {
  testMatch: ["<rootDir>/__tests__/**/*.test.ts"],
  testPathIgnorePatterns: [
    "/node_modules/",
    "<rootDir>/__tests__/cli/",
    "<rootDir>/__tests__/cluster/",
    "<rootDir>/__tests__/engine/",
    "<rootDir>/__tests__/consumers/",
    "<rootDir>/__tests__/programs/",
    "<rootDir>/__tests__/machine-configs/coverage.test.ts",
    "<rootDir>/__tests__/machine-configs/error-paths.test.ts",
    "<rootDir>/__tests__/machine-configs/migrate/verdicts.test.ts",
    "<rootDir>/__tests__/machine-configs/parity.test.ts",
    "<rootDir>/__tests__/machine-configs/validator.test.ts",
  ],
  modulePathIgnorePatterns: ["<rootDir>/dist/", "<rootDir>/cdktf.out/"],
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      { jsc: { parser: { syntax: "typescript" }, target: "es2023" }, module: { type: "commonjs" } },
    ],
  },
  setupFiles: ["<rootDir>/__tests__/helpers/setup.ts"],
};
