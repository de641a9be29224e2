/** One line of the result. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: "s" | "ms" | "MB" | "×";
  /** The most that it should be. @default - only told */
  readonly budget?: number;
}
