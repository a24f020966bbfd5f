/** Lines that must not be in a daemon's JSON log: what is no event, and what shows the program's inside. */
export function strangeLines(log: string): readonly string[] {
  return log.split("\n").filter((line) => line !== "" && (!isEvent(line) || isInside(line)));
}

function isEvent(line: string): boolean {
  try {
    return typeof JSON.parse(line).event === "string";
  } catch {
    return false;
  }
}

function isInside(line: string): boolean {
  return /\\n\s+at |"stack":|unhandled|TypeError|RangeError|ReferenceError|"event":"daemon.failed"/i.test(line);
}
