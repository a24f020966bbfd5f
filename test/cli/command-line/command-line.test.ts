import { describe, expect, test } from "vitest";
import { AppError } from "../../../src/base/errors.ts";
import type { Command, CommandRow } from "../../../src/cli/command-line/command-line.ts";
import { helpPage } from "../../../src/cli/command-line/help.ts";
import { parseCommandLine } from "../../../src/cli/command-line/parse.ts";
import { COMMANDS as TABLE } from "../../../src/cli/command-table.ts";

/** As many as a terminal has that is not the smallest one. */
const SCREEN_LINES = 30;
const OVERVIEW_LINES = 42;

const run: Command = {
  name: "run",
  summary: "watch and publish",
  help: "Runs until it is asked to stop.",
  flags: [
    { name: "output", value: "FILE", help: "the chart" },
    { name: "format", value: "FORMAT", values: ["json", "pretty"], help: "(default json)" },
    { name: "confirm", help: "it is meant" },
  ],
  exitCodes: { 0: "ended", 69: "taken" },
  run: () => Promise.resolve(0),
};
const version: Command = {
  name: "version",
  summary: "print the version",
  help: "",
  flags: [],
  exitCodes: { 0: "done" },
  run: () => Promise.resolve(0),
};
const versionAll: Command = { ...version, name: "version all", summary: "print every version" };
const policy: Command = { ...version, name: "check policy", summary: "judge a policy", operands: "FILE" };
const tags: Command = { ...version, name: "check tags", summary: "judge tags", operands: "TAG …" };
const COMMANDS = [
  rowOf(run, "run"),
  rowOf(version, "about"),
  rowOf(versionAll, "about"),
  rowOf(policy, "check"),
  rowOf(tags, "check"),
];

function rowOf(command: Command, group: CommandRow["group"]): CommandRow {
  return { name: command.name, summary: command.summary, group, load: () => Promise.resolve(command) };
}

async function helpFor(argv: readonly string[]): Promise<string> {
  const invocation = await parseCommandLine(argv, COMMANDS);
  if (invocation.kind !== "help") throw new Error(invocation.kind);
  return invocation.text;
}

async function refusal(...argv: readonly string[]): Promise<AppError> {
  const error = await parseCommandLine(argv, COMMANDS).catch((reason: unknown) => reason);
  if (error instanceof AppError) return error;
  throw new Error("the command line was not refused by an AppError");
}

test.each([[["run", "--output", "a.yml"]], [["run", "--output=a.yml"]]])(
  "%j names a command and its flags",
  async (argv) => {
    const invocation = await parseCommandLine(argv, COMMANDS);
    expect(invocation).toEqual({ kind: "command", command: run, flags: { output: "a.yml" }, operands: [] });
  },
);

test("--version is the command", async () => {
  expect(await parseCommandLine(["--version"], COMMANDS)).toMatchObject({ kind: "command", command: version });
});

test.each([[[]], [["--help"]], [["-h"]]])("%j lists all commands by group", async (argv) => {
  const text = await helpFor(argv);
  expect(text).toContain("Run:\n  run          watch and publish\n");
  expect(text).toContain("Find mistakes:\n  check        policy, tags\n");
  expect(text).toContain("About portolan:\n  version      print the version\n  version all  print every version\n");
  expect(text).not.toContain("Ports:");
});

test("a command line loads the command that it names, and no other", async () => {
  const loud: CommandRow = { ...rowOf(version, "about"), load: () => Promise.reject(new Error("loaded")) };
  const rows = [rowOf(run, "run"), loud];
  expect(await parseCommandLine(["run"], rows)).toMatchObject({ kind: "command", command: run });
  expect(await parseCommandLine(["--help"], rows)).toMatchObject({ kind: "help" });
  await expect(parseCommandLine(["version"], rows)).rejects.toThrow("loaded");
});

test.each(TABLE.map((row) => [row.name, row] as const))("the row of %s says what the command says", async (_, row) => {
  const { name, summary } = await row.load();
  expect({ name, summary }).toEqual({ name: row.name, summary: row.summary });
});

test.each([[["run", "--help"]], [["run", "-h"]], [["run", "--output", "a.yml", "--help"]]])(
  "%j explains a command",
  async (argv) => {
    const text = await helpFor(argv);
    expect(text).toContain("Runs until it is asked to stop.");
    expect(text).toContain("  --output FILE    the chart");
  },
);

describe("the help command shows", () => {
  test.each([
    [["run"], ["run", "--help"]],
    [["check"], ["check", "--help"]],
    [
      ["check", "policy"],
      ["check", "policy", "-h"],
    ],
    [
      ["version", "all"],
      ["version", "all", "--help"],
    ],
    [[], ["--help"]],
  ])("for %j what %j shows", async (words, argv) => {
    expect(await helpPage(words, COMMANDS)).toBe(await helpFor(argv));
  });

  test("a family with its commands", async () => {
    const page = await helpPage(["check"], COMMANDS);
    expect(page).toContain("Usage: portolan check policy|tags …\n\n  check policy  judge a policy\n");
    expect(page).toContain("\n`portolan help check policy` says more of one.\n");
  });

  test("of a command its usage, flags with their values, exit codes, and the commands whose name goes on", async () => {
    expect(await helpPage(["run"], COMMANDS)).toBe(
      [
        "portolan run: watch and publish",
        "",
        "Usage: portolan run [--output FILE] [--format FORMAT] [--confirm]",
        "",
        "Runs until it is asked to stop.",
        "",
        "  --output FILE    the chart",
        "  --format FORMAT  json|pretty (default json)",
        "  --confirm        it is meant",
        "",
        "Exit codes: 0 ended; 69 taken.",
        "",
      ].join("\n"),
    );
    expect(await helpPage(["version"], COMMANDS)).toContain("\nSee also: portolan version all\n");
  });

  test("nothing for an unknown command, but what was probably meant", async () => {
    await expect(helpPage(["rnu"], COMMANDS)).rejects.toMatchObject({
      exitCode: 64,
      message: 'unknown command "rnu"; known: run, version, check; did you mean "run"?',
    });
  });
});

test("the overview has one line for each command or family", async () => {
  expect((await helpPage([], TABLE)).split("\n").filter((line) => line.startsWith("   "))).toEqual([]);
});

const pages = await Promise.all(
  TABLE.map(async (row) => [row.name, await helpPage(row.name.split(" "), TABLE)] as const),
);

describe.each([["the overview", await helpPage([], TABLE)] as const, ...pages])("the page of %s", (name, page) => {
  test("fits a screen of 80 columns", () => {
    const lines = page.split("\n");
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines.length).toBeLessThanOrEqual(name === "the overview" ? OVERVIEW_LINES : SCREEN_LINES);
  });

  test("says how the command is written, and how it ends", () => {
    expect(page).toMatch(/^Usage: portolan /m);
    if (name !== "the overview") expect(page).toMatch(/^Exit codes: 0 /m);
  });
});

test("the first word of a family alone shows the family", async () => {
  const shown = await parseCommandLine(["check"], COMMANDS);
  expect(shown).toEqual(await parseCommandLine(["check", "--help"], COMMANDS));
});

describe("what is refused, with exit code 64, the words that are allowed, and what was probably meant", () => {
  test.each([
    [["rnu"], 'unknown command "rnu"; known: run, version, check; did you mean "run"?'],
    [["frobnicate"], 'unknown command "frobnicate"; known: run, version, check'],
    [
      ["--output", "a.yml", "run"],
      'found "--output" where a command is expected; flags stand behind it: portolan COMMAND --flag',
    ],
    [
      ["check", "polciy"],
      'check: found "polciy"; allowed: policy, tags, as in portolan check policy; did you mean "policy"?',
    ],
    [
      ["run", "--outptu", "a.yml"],
      'run: unknown flag "--outptu"; allowed: --output --format --confirm --help; did you mean "--output"?',
    ],
    [["run", "-o"], 'run: unknown flag "-o"; allowed: --output --format --confirm --help'],
    [["run", "--output"], "run: --output needs a value (FILE), and nothing follows; write --output=FILE"],
    [
      ["run", "--output", "--confirm"],
      'run: --output needs a value (FILE), and "--confirm" follows; write --output=FILE',
    ],
    [["run", "--format", "jsn"], 'run: --format: found "jsn"; allowed: json, pretty; did you mean "json"?'],
    [["run", "--confirm=yes"], 'run: --confirm takes no value, and has "yes"; write --confirm alone'],
    [
      ["run", "output"],
      'run: unexpected word "output"; allowed: --output, --format, --confirm, --help; did you mean "--output"?',
    ],
    [["version", "extra"], 'version: unexpected word "extra"; allowed: portolan version all, --help'],
    [
      ["version", "alll"],
      'version: unexpected word "alll"; allowed: portolan version all, --help; did you mean "all"?',
    ],
  ])("%j", async (argv, message) => {
    const error = await refusal(...argv);
    expect(error.exitCode).toBe(64);
    expect(error.message).toBe(message);
  });
});

/** Clears the screen, turns the text around, and pretends to be a line of the program's own. */
const HOSTILE = "\u001b[2J\u202e\nportolan: all is well";

describe("hostile words are inert in the one line of the message", () => {
  test.each([
    [[HOSTILE]],
    [["check", HOSTILE]],
    [["run", HOSTILE]],
    [["run", `--${HOSTILE}`]],
    [["run", `--format=${HOSTILE}`]],
    [["run", "--output", HOSTILE]],
    [["run", `--confirm=${HOSTILE}`]],
    [["run", "--output", `-${HOSTILE}`]],
    [["check", "policy", HOSTILE]],
    [["x".repeat(100_000)]],
  ])("%j", async (argv) => {
    const { message } = await refusal(...argv);
    expect(message).toMatch(/^[\x20-\x7e…]{10,400}$/);
    if (!argv[0]?.startsWith("xx")) expect(message).toContain("\\u001b[2J\\u202e\\u000aportolan: all is well");
  });
});

test("what begins with a dash is a value where it is joined to its flag, and a dash alone always", async () => {
  expect(await parseCommandLine(["run", "--output=-x"], COMMANDS)).toMatchObject({ flags: { output: "-x" } });
  expect(await parseCommandLine(["run", "--output", "-"], COMMANDS)).toMatchObject({ flags: { output: "-" } });
  expect(await parseCommandLine(["check", "policy", "-"], COMMANDS)).toMatchObject({ operands: ["-"] });
  expect(await parseCommandLine(["check", "policy", "--", "--help"], COMMANDS)).toMatchObject({ operands: ["--help"] });
});
