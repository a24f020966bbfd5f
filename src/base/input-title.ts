/** Stands for standard input where a command reads a file; a file of that name is `./-`. */
export const STANDARD_INPUT = "-";

/** What messages call a file that a user has named. */
export function inputTitle(path: string): string {
  return path === STANDARD_INPUT ? "standard input" : path;
}
