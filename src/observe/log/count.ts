/** A number of things for people: `1 router`, `2 routers`. @param plural where it is not the word with an s */
export function count(number: number, word: string, plural = `${word}s`): string {
  return `${number} ${number === 1 ? word : plural}`;
}
