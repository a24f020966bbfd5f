import { ASKED } from "../../../api/client/asked.ts";
import type { Explained } from "../../../api/resources/explain.ts";
import { AppError, EXIT_CODES } from "../../../base/errors.ts";
import { printable } from "../../../base/printable.ts";
import { findSettingsFile } from "../../../config/files/settings-file.ts";
import { type Command, type FlagValues, usageError } from "../../command-line/command-line.ts";
import { SETTINGS_FLAGS } from "../../command-line/flags.ts";
import { coloursFor } from "../../text/colour.ts";
import { explainedText, isServed } from "../../text/explain/explained-text.ts";
import { askDaemon, DAEMON_FLAGS, printAnswer } from "./ask-daemon.ts";

const OF_THE_CATALOG = ["consul-addr", "nomad-addr", "output", "state-dir"];

export const explainCommand: Command = {
  name: "explain",
  summary: "say why something is routed, or why it is not, and what to do",
  help: [
    "SUBJECT is a service, a host, a URL, a router, a port or an allocation. In one line whether it is routed; then the first",
    "reason why not, in the order of a pass, with the place and the remedy; then the way from the registration to the route,",
    "instance by instance: catalog, exposure, health, tags, port, policy, hosts, chart, and what Traefik says. For a URL the",
    "router that takes it, by which rule, and who else would. Secrets are not shown.",
    "",
    "Asked is the portolan that runs; where none does, what a pass would decide now, from the catalog. Which of the two",
    "answered is said on standard error.",
    "",
    "  portolan explain wiki",
    "  portolan explain https://wiki.example.org/docs",
  ].join("\n"),
  operands: "SUBJECT",
  flags: [...DAEMON_FLAGS, ...SETTINGS_FLAGS.filter(({ name }) => OF_THE_CATALOG.includes(name))],
  exitCodes: {
    0: "requests reach it",
    1: "they do not, or nothing of that name is known",
    69: "neither a portolan nor a catalog answers",
    73: "without a portolan: chart or state may not be read",
    78: "bad settings",
  },
  async run(flags, subjects) {
    const [about = "", ...more] = subjects;
    if (about === "" || more.length > 0) {
      throw usageError(
        "explain: name one service, host, URL, router, port or allocation, for example: portolan explain wiki",
      );
    }
    const explained = await answer(about, flags);
    printAnswer(flags, explained, () => explainedText(explained, coloursFor(process.stdout, process.env)));
    return isServed(explained) ? EXIT_CODES.ok : EXIT_CODES.failure;
  },
};

/** By the portolan that runs, else by what a pass would decide now. */
async function answer(about: string, flags: FlagValues): Promise<Explained> {
  try {
    const explained = await askDaemon(flags, ASKED.explain, { about });
    say("answered by the portolan that runs");
    return explained;
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "E_DAEMON_AWAY") throw error;
    return await withoutDaemon(about, flags, error);
  }
}

async function withoutDaemon(about: string, flags: FlagValues, away: AppError): Promise<Explained> {
  const isAnyNamed = OF_THE_CATALOG.some((name) => flags[name] !== undefined);
  // Without settings it is not known which catalog would be read, and by which rules.
  if (!isAnyNamed && (await findSettingsFile(flags, process.env)) === undefined) throw away;
  const [{ loadSettings }, { explainWithoutDaemon }] = await Promise.all([
    import("../../../config/load.ts"),
    import("../../../app/explain/explain-without-daemon.ts"),
  ]);
  const settings = await loadSettings(flags, process.env);
  const { explained, notes } = await explainWithoutDaemon(about, settings);
  say(`${away.message.replace(/;.*$/, "")}: answered by what a pass would decide now, from the catalog`);
  for (const note of notes) say(note);
  return explained;
}

function say(line: string): void {
  process.stderr.write(`portolan: ${printable(line)}\n`);
}
