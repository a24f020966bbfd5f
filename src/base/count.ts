/** A number of things for people: `1 router`, `2 routers`. @param plural where it is not the word with an s */
export function count(number: number, word: string, plural = `${word}s`): string {
  return `${number} ${number === 1 ? word : plural}`;
}

/** The first names of a list, and how many more there are: `a, b and 3 more`. */
export function someNames(names: readonly string[], most: number): string {
  const more = names.length - most;
  return `${names.slice(0, most).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
