import { type Command, type CommandRow, type Flag, GROUPS } from "./command-line.ts";

/** Every command with its summary, by group. */
export function overview(rows: readonly CommandRow[]): string {
  const width = Math.max(...rows.map(({ name }) => name.length));
  const groups = Object.entries(GROUPS).flatMap(([group, heading]) => {
    const members = rows.filter((row) => row.group === group);
    if (members.length === 0) return [];
    return [`${heading}:`, ...members.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`), ""];
  });
  return [
    "portolan charts a Consul or Nomad catalog for Traefik: healthy, tagged services on dynamic ports become routes in one file.",
    "",
    "Usage: portolan COMMAND [--flag VALUE …]",
    "",
    ...groups,
    "portolan COMMAND --help says more. Results go to standard output, everything else to standard error.",
    "",
  ].join("\n");
}

/** What a command does, and its flags. */
export function manual(command: Command): string {
  const width = Math.max(0, ...command.flags.map((flag) => written(flag).length));
  const rows = command.flags.map((flag) => `  ${written(flag).padEnd(width)}  ${flag.help}`);
  const operands = command.operands === undefined ? "" : ` ${command.operands}`;
  return [`portolan ${command.name}${operands}: ${command.summary}`, "", command.help, "", ...rows, ""].join("\n");
}

/** A flag as it is written on a command line: `--settings FILE`. */
export function written({ name, value }: Flag): string {
  return value === undefined ? `--${name}` : `--${name} ${value}`;
}
