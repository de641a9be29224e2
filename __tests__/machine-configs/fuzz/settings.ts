/**
 * How much is tried. In the unit tier a small sample that is always the same; `npm run test:fuzz` sets the number of runs
 * for each contract, and a seed that differs each time.
 */
import fc, { type Arbitrary } from "fast-check";
import { type Machine, machines } from "./configurations";

/** A failure is seen again with the seed that was printed. */
const seed = Number(process.env["FUZZ_SEED"] ?? 20261121);

/** The runs for each contract; nothing in the unit tier. */
const runs = process.env["FUZZ_RUNS"] === undefined ? undefined : Number(process.env["FUZZ_RUNS"]);

const SAMPLE = 3;

// Refused texts throw thousands of errors inside of the reader, whose stacks nobody reads.
if (runs !== undefined) Error.stackTraceLimit = 0;

/** How often everything has to be reached at least; where it is zero, too little is tried for that. */
export const many = Math.floor((runs ?? 0) / 1000);

/** The machines for which something is tried: all, or in the unit tier one for each contract. */
export const tried: readonly Machine[] =
  runs === undefined
    ? machines.filter(
        ({ contract, talos, role }) => contract === talos && (role === "worker") === (contract === "1.12"),
      )
    : machines;

/**
 * Tries a property; fast-check prints the smallest value that contradicts it, and the seed.
 *
 * @param among the machines that share the runs of a contract.
 */
export function forAll<Value>(
  machine: Machine,
  values: Arbitrary<Value>,
  holds: (value: Value) => void,
  among: readonly Machine[] = machines,
): void {
  const sharing = among.filter(({ contract }) => contract === machine.contract).length;
  const numRuns = runs === undefined ? SAMPLE : Math.ceil(runs / sharing);
  fc.assert(fc.property(values, holds), { seed, numRuns });
  if (runs !== undefined) process.stderr.write(`${expect.getState().currentTestName}: ${numRuns} runs, seed ${seed}\n`);
}
