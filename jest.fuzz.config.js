/**
 * The fuzz tier: random configurations, whole and broken. FUZZ_RUNS is how many of each kind for every contract, FUZZ_SEED
 * repeats a run that was printed.
 */
process.env.FUZZ_RUNS ??= "10000";
process.env.FUZZ_SEED ??= String(Date.now() % 2 ** 31);

module.exports = {
  ...require("./jest.config"),
  testMatch: ["<rootDir>/__tests__/machine-configs/fuzz/*.test.ts"],
  testTimeout: 3_600_000,
};
