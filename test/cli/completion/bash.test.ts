import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { COMMANDS } from "../../../src/cli/command-table.ts";
import { bashCompletion } from "../../../src/cli/completion/bash.ts";

const commands = await Promise.all(COMMANDS.map((row) => row.load()));

let folder: string;
let script: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "portolan-bash-"));
  mkdirSync(join(folder, "here"));
  mkdirSync(join(folder, "here/state"));
  writeFileSync(join(folder, "here/my policy.yml"), "");
  script = join(folder, "portolan.bash");
  writeFileSync(script, bashCompletion(commands));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What bash is offered at the end of each of the lines, all asked in one process. */
function offered(lines: readonly string[]): ReadonlyArray<readonly string[]> {
  const words = (line: string) => line.split(/ |(?<==)|(?==)/).map((word) => `'${word}'`);
  const asked = lines.map((line) => `COMP_WORDS=(${words(line).join(" ")}); COMP_CWORD=${words(line).length - 1}; ask`);
  const program = [
    'set -u; source "$1"; cd here',
    `ask() { _portolan; printf '%s;' "\${COMPREPLY[@]-}"; echo; }`,
    ...asked,
  ];
  const answer = execFileSync("bash", ["--norc", "-c", program.join("\n"), "bash", script], { cwd: folder });
  return String(answer)
    .split("\n")
    .slice(0, -1)
    .map((line) => line.split(";").filter((word) => word !== ""));
}

test.each([
  ["portolan ver", ["version"]],
  ["portolan che", ["check"]],
  ["portolan check p", ["policy"]],
  ["portolan help check le", ["ledger"]],
  ["portolan help ver", ["version"]],
  ["portolan run --log-l", ["--log-level"]],
  ["portolan run --log-format ", ["auto", "json", "pretty"]],
  ["portolan run --log-format js", ["json"]],
  ["portolan run --log-format=js", ["json"]],
  ["portolan run --log-format=", ["auto", "json", "pretty"]],
  ["portolan run --confirm --settings ", ["my policy.yml", "state"]],
  ["portolan run --state-dir ", ["state"]],
  ["portolan run --consul-addr ", []],
  ["portolan check policy my", ["my policy.yml"]],
  ["portolan check policy --", ["--settings", "--json", "--help"]],
  ["portolan ports ask 53/udp --no", ["--node", "--nomad-addr"]],
  ["portolan completion z", ["zsh"]],
  ["portolan nonsense ", []],
])("%j is completed", (line, expected) => {
  expect(offered([line])[0]?.toSorted()).toEqual(expected.toSorted());
});

test("every command, every flag and every value of the table is offered", () => {
  const lines = commands.flatMap(({ name, flags }) => [
    { line: `portolan ${name}`, expected: name.split(" ").slice(-1) },
    ...["help", ...flags.map((flag) => flag.name)].map((flag) => ({
      line: `portolan ${name} --${flag}`,
      expected: [`--${flag}`],
    })),
    ...flags.flatMap((flag) =>
      flag.values === undefined ? [] : [{ line: `portolan ${name} --${flag.name} `, expected: flag.values }],
    ),
  ]);
  const answers = offered(lines.map(({ line }) => line));
  expect(answers).toHaveLength(lines.length);
  const lacking = lines.filter(({ expected }, i) => !expected.every((word) => answers[i]?.includes(word)));
  expect(lacking).toEqual([]);
});

test("at a terminal, a path with a space is completed to one word", () => {
  const typed = [
    `source ${script}; cd ${folder}/here`,
    'portolan() { printf "<%s>" "$@"; }',
    "portolan check policy my\t",
    "exit",
    "",
  ];
  const { stdout } = spawnSync("script", ["-qec", "bash --norc --noprofile -i", "/dev/null"], {
    input: typed.join("\n"),
    encoding: "utf8",
    timeout: 20_000,
  });
  expect(stdout).toContain("<check><policy><my policy.yml>");
});
