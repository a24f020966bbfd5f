import { ASKED } from "../../../api/client/asked.ts";
import type { DryAnswer } from "../../../app/explain/explain-without-daemon.ts";
import { EXIT_CODES } from "../../../base/errors.ts";
import type { Settings } from "../../../config/files/schema.ts";
import { isServed } from "../../../explained/tell-charts.ts";
import { type FlagValues, usageError } from "../../command-line/command-line.ts";
import { coloursFor } from "../../text/colour.ts";
import { explainedText } from "../../text/explain/explained-text.ts";
import { legacyText } from "../../text/explain/legacy-text.ts";
import { askDaemon, printAnswer } from "./ask-daemon.ts";
import { ofDaemonElse, say } from "./without-daemon.ts";

/** Does what `explainCommand` says. Resolves to the exit code. */
export async function run({ legacy, ...flags }: FlagValues, subjects: readonly string[]): Promise<number> {
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
}

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
