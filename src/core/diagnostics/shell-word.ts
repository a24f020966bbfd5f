/**
 * A text as one word of a shell's command line, whatever it is: names of a catalog stand in commands that a remedy prints, and
 * one that is copied must run nothing else. In quotes where it needs them.
 */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : quote(text);
}

/** The same for what a command is about: a name that begins with a dash must not be read as an option. */
export function shellOperand(text: string): string {
  return text.startsWith("-") ? `-- ${shellWord(text)}` : shellWord(text);
}

/** The same, always in quotes. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
