import type { Command } from "../command-line/command-line.ts";
import { CONFIRM_FLAG, SETTINGS_FLAGS } from "../command-line/flags.ts";

export const onceCommand: Command = {
  name: "once",
  summary: "read the catalog once, write the chart, and end",
  help: [
    "Reads the catalog completely and writes the chart, with the same guards as run: a removal that is held is confirmed by",
    "a second read before it is written. Of several catalogs the chart has the news of those that answered.",
  ].join("\n"),
  flags: [...SETTINGS_FLAGS, CONFIRM_FLAG],
  exitCodes: {
    0: "the chart says what the catalog says",
    69: "a catalog did not answer within a minute",
    73: "the chart could not be written",
    75: "a removal is still held (one by the settings until --confirm), or an earlier chart since a rollback",
    78: "bad settings",
  },
  run: async (flags) => (await import("../commands/once.ts")).run(flags),
};
