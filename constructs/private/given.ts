/** The values that are given: an optional attribute of a resource may be left out, but not be `undefined`. */
export function given<T extends object>(values: T): { readonly [Key in keyof T]?: Exclude<T[Key], undefined> };
export function given(values: object): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
