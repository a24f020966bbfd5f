export function first(names: readonly string[]): string {
  return names[0]!;
}
