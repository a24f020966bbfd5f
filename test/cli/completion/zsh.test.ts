import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { COMMANDS } from "../../../src/cli/command-table.ts";
import { zshCompletion } from "../../../src/cli/completion/zsh.ts";
import { findTool } from "../../support/real-binaries.ts";

const zsh = await findTool("zsh");

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "portolan-zsh-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Read first by each zsh of this test: where its modules and functions lie, if it was unpacked and not installed. */
const ZSHENV = `
if [[ -n "\${ZSH_FILES-}" ]]; then
  module_path=($ZSH_FILES/usr/lib/*/zsh/*(/))
  fpath=($ZSH_FILES/usr/share/zsh/functions/**/*(/))
fi
`;

/**
 * Types each word into an interactive zsh, presses the tabulator key, and writes down what then stands on the line. A
 * terminal of zsh's own (zpty) plays the user's.
 */
const TYPIST = `
zmodload zsh/zpty
zpty -b z "$ZSH_PROGRAM -d -i"
# The user's eyes: what is on the terminal must be read, or zsh waits.
shown=
look() { while zpty -rt z part; do shown+=$part; done; sleep 0.02; }
zpty -w z 'autoload -Uz compinit && compinit -D -u; source $FOLDER/script; cd $FOLDER/here'
zpty -w z 'note() { print -r -- "$BUFFER" >>$FOLDER/lines; BUFFER=; }; zle -N note; bindkey "^X" note; bindkey "^I" complete-word; print READY-TO"-TYPE"'
until [[ $shown == *READY-TO-TYPE* ]]; do look; done
for line in "$@"; do zpty -n -w z "$line"$'\\t\\x18'; done
until [[ -f $FOLDER/lines && $(wc -l <$FOLDER/lines) -ge $# ]]; do look; done
zpty -d z
`;

test.skipIf(zsh === undefined)("zsh completes commands, flags, values and paths", async () => {
  const program = zsh?.kind === "binary" ? zsh.path : "";
  const commands = await Promise.all(COMMANDS.map((row) => row.load()));
  writeFileSync(join(folder, "script"), zshCompletion(commands));
  writeFileSync(join(folder, ".zshenv"), ZSHENV);
  mkdirSync(join(folder, "here/state"), { recursive: true });
  writeFileSync(join(folder, "here/my policy.yml"), "");
  const lines = new Map([
    ["portolan ver", "portolan version "],
    ["portolan check pol", "portolan check policy "],
    ["portolan help check le", "portolan help check ledger "],
    ["portolan help ver", "portolan help version "],
    ["portolan run --log-l", "portolan run --log-level="],
    ["portolan run --conf", "portolan run --confirm "],
    ["portolan run --log-format js", "portolan run --log-format json "],
    ["portolan run --log-format=js", "portolan run --log-format=json "],
    ["portolan run --settings my", "portolan run --settings my\\ policy.yml "],
    ["portolan run --state-dir s", "portolan run --state-dir state/"],
    ["portolan check policy my", "portolan check policy my\\ policy.yml "],
    ["portolan check policy --he", "portolan check policy --help "],
    ["portolan check tags a=b --registry c", "portolan check tags a=b --registry consul "],
    ["portolan ports a", "portolan ports ask "],
    ["portolan ports --form", "portolan ports --format="],
    ["portolan ports ask 53/udp --form", "portolan ports ask 53/udp --format="],
    ["portolan rollback 3 --sta", "portolan rollback 3 --state-dir="],
    ["portolan completion z", "portolan completion zsh "],
    ["portolan nonsense x", "portolan nonsense x"],
  ]);
  const { stderr } = spawnSync(program, ["-d", "-c", TYPIST, "zsh", ...lines.keys()], {
    encoding: "utf8",
    env: { PATH: process.env["PATH"], ZDOTDIR: folder, FOLDER: folder, ZSH_PROGRAM: program, TERM: "xterm", PS1: "" },
    timeout: 25_000,
  });
  expect(stderr).toBe("");
  expect(readFileSync(join(folder, "lines"), "utf8").split("\n").slice(0, -1)).toEqual([...lines.values()]);
});
