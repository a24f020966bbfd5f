import { PROVIDERS } from "../../../migrate/providers.ts";
import type { Command } from "../../command-line/command-line.ts";
import { SETTINGS_FLAGS } from "../../command-line/flags.ts";
import { TRAEFIK_API_FLAGS } from "../../commands/moving/traefik-flags.ts";

export const migrateCommand: Command = {
  name: "migrate",
  summary: "write the settings that take the place of Traefik's provider",
  help: [
    "Reads Traefik's static configuration (YAML, TOML, or lines of flags or TRAEFIK_ variables) and the live catalog, and prints",
    "settings of the same meaning with comments; what services need besides stands there for review: ports outside the",
    "dynamic range, shared hosts. A report of what has no equal, of names to change and of secrets, which are never copied,",
    "goes to standard error. With --traefik-api Traefik's version and entry points are written, too. Reads only.",
  ].join("\n"),
  flags: [
    { name: "from", value: "PROVIDER", values: PROVIDERS, help: "the provider to be replaced" },
    { name: "traefik-static", value: "FILE", help: "Traefik's static configuration" },
    { name: "out", value: "DIR", help: "write portolan.yml and policy.yml there instead" },
    ...TRAEFIK_API_FLAGS,
    ...SETTINGS_FLAGS.filter(({ name }) => ["consul-addr", "nomad-addr"].includes(name)),
  ],
  exitCodes: {
    0: "done",
    69: "the catalog or Traefik's API did not answer",
    73: "a file cannot be written, or is there already",
    78: "the file is no static configuration of Traefik's, or has no such provider",
  },
  run: async (flags) => (await import("../../commands/moving/migrate.ts")).run(flags),
};
