/** One of several shapes, without the fields of the others: TypeScript alone would let them be mixed. */
export type Exclusive<Shape, Field extends PropertyKey = FieldOf<Shape>> = Shape extends unknown
  ? Shape & { readonly [Other in Exclude<Field, keyof Shape>]?: never }
  : never;

/** The fields of all shapes. */
type FieldOf<Shape> = Shape extends unknown ? keyof Shape : never;
