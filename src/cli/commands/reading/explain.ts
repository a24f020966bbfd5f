import { ASKED } from "../../../api/client/asked.ts";
import type { DryAnswer } from "../../../app/explain/explain-without-daemon.ts";
import { EXIT_CODES } from "../../../base/errors.ts";
import type { Settings } from "../../../config/files/schema.ts";
import { isServed } from "../../../explained/tell-charts.ts";
import { type Command, type FlagValues, usageError } from "../../command-line/command-line.ts";
import { SETTINGS_FLAGS } from "../../command-line/flags.ts";
import { coloursFor } from "../../text/colour.ts";
import { explainedText } from "../../text/explain/explained-text.ts";
import { legacyText } from "../../text/explain/legacy-text.ts";
import { askDaemon, DAEMON_FLAGS, printAnswer } from "./ask-daemon.ts";
import { OF_THE_CATALOG, ofDaemonElse, say } from "./without-daemon.ts";

export const explainCommand: Command = {
  name: "explain",
  summary: "say why something is routed, or why it is not, and what to do",
  help: [
    "SUBJECT is a service, a host, a URL, a router, a port or an allocation: whether it is routed, the first reason why not with",
    "its remedy, then its way from the registration to the route. With --legacy, of each fixed address in the snippets: who is",
    "registered there by now, and the next step. Secrets are not shown.",
    "",
    "Asked is the portolan that runs; where none does, what a pass would decide now, from the catalog.",
    "",
    "  portolan explain wiki",
    "  portolan explain --legacy",
  ].join("\n"),
  operands: "[SUBJECT]",
  flags: [
    { name: "legacy", help: "what is left to migrate of static entries" },
    ...DAEMON_FLAGS,
    ...SETTINGS_FLAGS.filter(({ name }) => OF_THE_CATALOG.includes(name)),
  ],
  exitCodes: {
    0: "requests reach it; --legacy: nothing is left",
    1: "they do not, or nothing of that name is known; --legacy: something is left",
    69: "neither a portolan nor a catalog answers",
    73: "without a portolan: chart or state may not be read",
    78: "bad settings",
  },
  async run({ legacy, ...flags }, subjects) {
    const [about = "", ...more] = subjects;
    if (legacy !== undefined) {
      if (subjects.length > 0) throw usageError("explain: --legacy is about all static entries; leave SUBJECT out");
      return await explainLegacy(flags);
    }
    if (about === "" || more.length > 0) {
      throw usageError(
        "explain: name one service, host, URL, router, port or allocation, for example: portolan explain wiki",
      );
    }
    const explained = await answer(flags, {
      ofDaemon: () => askDaemon(flags, ASKED.explain, { about }),
      withoutDaemon: (settings, { explainWithoutDaemon }) => explainWithoutDaemon(about, settings),
    });
    printAnswer(flags, explained, () => explainedText(explained, coloursFor(process.stdout, process.env)));
    return isServed(explained) ? EXIT_CODES.ok : EXIT_CODES.failure;
  },
};

async function explainLegacy(flags: FlagValues): Promise<number> {
  const explained = await answer(flags, {
    ofDaemon: () => askDaemon(flags, ASKED.legacy, {}),
    withoutDaemon: (settings, { explainLegacyWithoutDaemon }) => explainLegacyWithoutDaemon(settings),
  });
  printAnswer(flags, explained, () => legacyText(explained, coloursFor(process.stdout, process.env)));
  return explained.charts.every(({ entries }) => entries.length === 0) ? EXIT_CODES.ok : EXIT_CODES.failure;
}

type DryExplaining = typeof import("../../../app/explain/explain-without-daemon.ts");

interface Ways<Answer> {
  ofDaemon(): Promise<Answer>;
  withoutDaemon(settings: Settings, explaining: DryExplaining): Promise<DryAnswer<Answer>>;
}

/** By the portolan that runs, else by what a pass would decide now. */
async function answer<Answer>(flags: FlagValues, { ofDaemon, withoutDaemon }: Ways<Answer>): Promise<Answer> {
  return await ofDaemonElse(
    flags,
    async () => {
      const explained = await ofDaemon();
      say("answered by the portolan that runs");
      return explained;
    },
    async (settings, away) => {
      const explaining = await import("../../../app/explain/explain-without-daemon.ts");
      const { answer: explained, notes } = await withoutDaemon(settings, explaining);
      say(`${away.message.replace(/;.*$/, "")}: answered by what a pass would decide now, from the catalog`);
      for (const note of notes) say(note);
      return explained;
    },
  );
}
