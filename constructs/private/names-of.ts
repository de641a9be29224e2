/** The names of a record, typed. */
export function namesOf<Name extends string>(record: Readonly<Record<Name, unknown>>): readonly Name[] {
  const isName = (name: string): name is Name => name in record;
  return Object.keys(record).filter(isName);
}
