import { TRAEFIK_VERSIONS } from "../../../core/traefik/chart/dynamic-config.ts";
import type { Command } from "../../command-line/command-line.ts";
import { SETTINGS_FLAGS } from "../../command-line/flags.ts";

const OF_THE_LISTENER = ["listen", "log-level", "log-format"];

export const planCommand: Command = {
  name: "plan",
  summary: "say what a pass would change in the chart, and change nothing",
  help: [
    "Reads catalog, chart and stored state, decides as the running portolan would, and prints by router what would change,",
    "and what guards would hold. Writes nothing, takes no lock, needs only to read. What --settings, --policy, --ledger and",
    "--traefik-version name is tried in place of what is in force (PORTOLAN_SETTINGS, or the default path), as SIGHUP would",
    "bring it. What only the process remembers counts from now: how long an instance has been critical, what flaps, when a",
    "hold began.",
  ].join("\n"),
  flags: [
    ...SETTINGS_FLAGS.filter(({ name }) => !OF_THE_LISTENER.includes(name)),
    { name: "policy", value: "FILE", help: "try this policy" },
    { name: "ledger", value: "FILE", help: "try this ledger of ports" },
    { name: "traefik-version", value: "VERSION", values: TRAEFIK_VERSIONS, help: "try this version of Traefik" },
    { name: "json", help: "print JSON for machines" },
  ],
  exitCodes: {
    0: "no change",
    1: "an error: bad settings, a catalog that does not answer, a file that may not be read",
    2: "something would change, now or when a hold ends",
  },
  run: async (flags) => (await import("../../commands/plan/plan.ts")).run(flags),
};
