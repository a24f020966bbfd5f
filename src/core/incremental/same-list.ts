/** The same items in the same order, by identity: what is made of immutable objects is the same then, too. */
export function isSameList(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one === other || (one.length === other.length && one.every((item, position) => item === other[position]));
}
