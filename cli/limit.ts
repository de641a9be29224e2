/** Runs what it is given at once, but at most `size` at the same time; the rest waits its turn. */
export type Limit = <T>(work: () => Promise<T>) => Promise<T>;

export function limit(size: number): Limit {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= size) {
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      running++;
    }
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) {
        running--;
      } else {
        next();
      }
    }
  };
}
