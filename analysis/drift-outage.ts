/** One attempt at a stack, as far as it tells whether the backend of the states was there. Times are of one clock. */
export interface Attempt {
  readonly name: string;
  readonly began: number;
  readonly ended: number;
  readonly outcome: "planned" | "backend error" | "other";
}

/** From so many on, errors of the backend in a row are its own, and not those of the stacks. */
const leastTail = 3;

/**
 * The stacks that failed only because the backend of their states went away: from some moment on no plan that began
 * could reach it. They are not broken, they are not measured. A backend error among plans that go well, or of one stack
 * alone, is an error of that stack.
 */
export function backendOutage(attempts: readonly Attempt[]): string[] {
  const lastGood = Math.max(...attempts.flatMap(({ outcome, began }) => (outcome === "planned" ? [began] : [])));
  const tail = attempts.filter(({ outcome, ended }) => outcome === "backend error" && ended > lastGood);
  return tail.length < leastTail ? [] : tail.map(({ name }) => name);
}
