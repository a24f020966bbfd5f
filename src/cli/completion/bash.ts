import { quote } from "../../core/diagnostics/shell-word.ts";
import type { Command, Flag } from "../command-line/command-line.ts";
import { type Completed, completedOperands, completedValue } from "./completed.ts";
import { namesOf } from "./names.ts";

/**
 * A script for bash 3.2 or newer that completes the commands, their flags and values, and paths. It starts no process: all
 * that it knows stands in it.
 */
export function bashCompletion(commands: readonly Command[]): string {
  const names = namesOf(commands);
  const long = commands.filter(({ name }) => name.includes(" ")).map(({ name }) => quote(name));
  const members = names.filter((one) => one.members.length > 0);
  return `# Completion of portolan for bash; portolan help completion says where it belongs.
_portolan() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]}
  # What is written --flag=value is three words for bash.
  if [[ $current == = ]]; then
    current=
  elif [[ $previous == = ]]; then
    previous=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  COMPREPLY=()
  local at=1 words= paths=
  if ((COMP_CWORD > 1)) && [[ \${COMP_WORDS[1]} == help ]]; then at=2; fi
  local command=\${COMP_WORDS[at]}
  if ((COMP_CWORD == at)); then
    words=${quote([...names.map(({ name }) => name), "--help"].join(" "))}
  else
    if ((COMP_CWORD > at + 1)); then
      case "$command \${COMP_WORDS[at + 1]}" in
        ${long.join(" | ")}) command="$command \${COMP_WORDS[at + 1]}" ;;
      esac
    else
      case "$command" in
${members.map(({ name, members: those }) => `        ${name}) words=${quote(those.map(([member]) => member).join(" "))} ;;\n`).join("")}      esac
    fi
    if ((at == 1)); then
      case "$command" in
${commands.map(commandCase).join("")}      esac
    fi
  fi
  local found
  while IFS= read -r found; do
    COMPREPLY+=("$found")
  done < <(
    if [[ -n $words ]]; then compgen -W "$words" -- "$current"; fi
    if [[ $paths == file ]]; then compgen -f -- "$current"; fi
    if [[ $paths == directory ]]; then compgen -d -- "$current"; fi
  )
  # So that a folder gets its slash, and what is special to the shell its backslash.
  if [[ -n $paths ]]; then compopt -o filenames 2>/dev/null; fi
}
complete -F _portolan portolan
`;
}

function commandCase(command: Command): string {
  const { name, flags } = command;
  const valued = flags.filter(({ value }) => value !== undefined);
  const byEffect = Map.groupBy(valued, (flag) => effect(completedValue(flag)));
  const values = [...byEffect].map(([code, those]) => `            ${those.map(dashed).join(" | ")}) ${code} ;;\n`);
  const all = `words="$words ${[...flags.map(dashed), "--help"].join(" ")}"`;
  const operands = completedOperands(command);
  // Beside paths, flags only come where a dash asks for them.
  const others =
    operands.kind === "file" ? `if [[ $current == -* ]]; then ${all}; else paths=file; fi` : withWords(operands, all);
  return `        ${quote(name)})
          case "$previous" in
${values.join("")}            *) ${others} ;;
          esac
          ;;
`;
}

function withWords(operands: Completed, all: string): string {
  return operands.kind === "words" ? `${all.slice(0, -1)} ${operands.words.join(" ")}"` : all;
}

function effect(completed: Completed): string {
  if (completed.kind === "words") return `words=${quote(completed.words.join(" "))}`;
  return completed.kind === "text" ? "words=" : `words= paths=${completed.kind}`;
}

function dashed({ name }: Flag): string {
  return `--${name}`;
}
