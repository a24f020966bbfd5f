/** Tells the person who watches; results go to standard output. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
