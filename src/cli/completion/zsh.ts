import { quote } from "../../core/diagnostics/shell-word.ts";
import type { Command, Flag } from "../command-line/command-line.ts";
import { flagText } from "../command-line/help.ts";
import { type Completed, completedOperands, completedValue } from "./completed.ts";
import { namesOf } from "./names.ts";

/**
 * A script for zsh that completes the commands, their flags and values with what they mean, and paths. To be sourced, or a
 * file _portolan in a folder of fpath. It starts no process: all that it knows stands in it.
 */
export function zshCompletion(commands: readonly Command[]): string {
  const names = namesOf(commands);
  const long = commands.filter(({ name }) => name.includes(" ")).map(({ name }) => quote(name));
  const families = names.filter(({ members }) => members.length > 0);
  return `#compdef portolan
# Completion of portolan for zsh; portolan help completion says where it belongs.
_portolan() {
  local -a names members
  local -i at=2
  names=(
${names.map(({ name, summary }) => `    ${described(name, summary)}\n`).join("")}  )
  if ((CURRENT > 2)) && [[ $words[2] == help ]]; then at=3; fi
  if ((CURRENT == at)); then
    _describe -t commands command names
    return
  fi
  local command=$words[at]
  if ((CURRENT > at + 1)); then
    case "$command $words[at + 1]" in
      (${long.join("|")}) command="$command $words[at + 1]"; at+=1 ;;
    esac
  else
    case $command in
${families.map(({ name, members }) => `      (${name}) members=(${members.map(([member, summary]) => described(member, summary)).join(" ")}) ;;\n`).join("")}    esac
    if ((\${#members} > 0)); then _describe -t commands command members; fi
  fi
  if [[ $words[2] == help ]]; then return; fi
  words=("\${(@)words[at,-1]}")
  ((CURRENT -= at - 1))
  case $command in
${commands.map(commandCase).join("")}  esac
}
if [[ $funcstack[1] == _portolan ]]; then _portolan "$@"; else compdef _portolan portolan; fi
`;
}

function commandCase(command: Command): string {
  const { name, flags } = command;
  const specs = [...flags.map(flagSpec), quote("(- *)--help[show what the command does]"), ...operandSpec(command)];
  return `    (${quote(name)}) _arguments -S ${specs.join(" ")} ;;\n`;
}

function flagSpec(flag: Flag): string {
  const meaning = `[${flagText(flag).replaceAll(/[[\]\\:]/g, "\\$&")}]`;
  if (flag.value === undefined) return quote(`--${flag.name}${meaning}`);
  return quote(`--${flag.name}=${meaning}:${flag.value.replaceAll(":", "\\:")}:${action(completedValue(flag))}`);
}

function operandSpec(command: Command): readonly string[] {
  if (command.operands === undefined) return [];
  const completed = completedOperands(command);
  // For a text of the user's own nothing is offered, and no message either: it would keep _arguments from offering flags.
  const offered = completed.kind === "text" ? "{false}" : action(completed);
  return [quote(`*:${command.operands.replaceAll(":", "\\:")}:${offered}`)];
}

function action(completed: Completed): string {
  if (completed.kind === "words") return `(${completed.words.join(" ")})`;
  return completed.kind === "text" ? " " : completed.kind === "file" ? "_files" : "_files -/";
}

function described(name: string, summary: string): string {
  return quote(`${name}:${summary.replaceAll(":", "\\:")}`);
}
