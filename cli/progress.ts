/** A line per stack on standard error, and on a terminal which ones are being planned. */
export class Progress {
  readonly #running = new Set<string>();
  #ended = 0;

  constructor(readonly stacks: number) {}

  begins(name: string): void {
    this.#running.add(name);
    this.#show();
  }

  /** `more` is what there is to say beyond its line. */
  ended(name: string, status: string, more?: string): void {
    this.#running.delete(name);
    this.#ended++;
    this.#clear();
    console.error(`[${this.#ended}/${this.stacks}] ${name}: ${status}`);
    if (more !== undefined) {
      console.error(`\n${more}\n`);
    }
    this.#show();
  }

  #show(): void {
    if (process.stderr.isTTY && this.#running.size > 0) {
      this.#clear();
      const line = `planning ${[...this.#running].join(", ")} …`;
      // A line that wraps could not be cleared.
      process.stderr.write(line.slice(0, process.stderr.columns - 1));
    }
  }

  #clear(): void {
    if (process.stderr.isTTY) {
      process.stderr.write("\r\u001b[2K");
    }
  }
}
