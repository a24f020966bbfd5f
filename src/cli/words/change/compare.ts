import type { Command } from "../../command-line/command-line.ts";
import { SETTINGS_FLAGS } from "../../command-line/flags.ts";
import { TRAEFIK_API_FLAGS } from "../../commands/moving/traefik-flags.ts";

export const compareCommand: Command = {
  name: "compare",
  summary: "say what would differ from Traefik's own provider",
  help: [
    "Reads what a running Traefik has from its own provider for Consul or Nomad, and the catalog, and compares router by router,",
    "with services, servers and middlewares, what is there with what portolan would publish by these settings. Differences are",
    "grouped by their reason, which is what decided it; one without a known reason is said to be that. Writes nothing, and may",
    "run beside both.",
  ].join("\n"),
  flags: [
    ...TRAEFIK_API_FLAGS,
    { name: "json", help: "for machines" },
    ...SETTINGS_FLAGS.filter(({ name }) => !["listen", "log-level", "log-format"].includes(name)),
  ],
  exitCodes: {
    0: "nothing differs",
    1: "an error: Traefik's API or a catalog that does not answer, a Traefik that reads other catalogs, bad settings",
    2: "something differs",
  },
  run: async (flags) => (await import("../../commands/moving/compare.ts")).run(flags),
};
