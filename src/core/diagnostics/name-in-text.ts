/**
 * A name of a catalog as it stands in a remedy: as it is where it is one word, else quoted as in JSON. What is in double quotes
 * is a name: no part of it is taken for a command, or for lines of the settings, that portolan recommends.
 */
export function nameInText(name: string): string {
  return /^[^\s"]+$/u.test(name) ? name : JSON.stringify(name);
}
