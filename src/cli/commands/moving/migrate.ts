import { migrate } from "../../../app/moving/migrate.ts";
import { readRunningTraefik } from "../../../app/moving/read-traefik.ts";
import { writeNewFiles } from "../../../app/moving/write-files.ts";
import { stopOnSignals } from "../../../app/process/stop-signals.ts";
import { EXIT_CODES } from "../../../base/errors.ts";
import { printable } from "../../../base/printable.ts";
import { PROVIDERS, type Provider } from "../../../migrate/provider-options.ts";
import { POLICY_FILE } from "../../../migrate/written-migration.ts";
import { type Command, type FlagValues, usageError } from "../../command-line/command-line.ts";
import { SETTINGS_FLAGS } from "../../command-line/flags.ts";
import { migrationText } from "../../text/migration-text.ts";
import { quoted } from "../../text/quoted.ts";
import { TRAEFIK_API_FLAGS, TRAEFIK_API_SETTING, traefikApiFrom } from "./traefik-flags.ts";

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
  async run(flags) {
    const from = providerIn(flags);
    const path = flags["traefik-static"];
    if (path === undefined)
      throw usageError("migrate: --traefik-static: name the file with Traefik's static configuration");
    const api = traefikApiFrom(flags, "migrate");
    const found = api && (await readRunningTraefik(api, TRAEFIK_API_SETTING, stopOnSignals()));
    const running = api && found && { ...found, api };
    const { "consul-addr": consul, "nomad-addr": nomad, out } = flags;
    const migration = await migrate({
      ...{ path, from, running },
      flags: { "consul-addr": consul, "nomad-addr": nomad },
      environment: process.env,
    });
    const { policy } = migration;
    if (out === undefined) {
      const below = policy === undefined ? "" : `\n# ${POLICY_FILE}:\n${policy.replace(/^(?=.)/gm, "# ")}`;
      process.stdout.write(migration.settings("off") + below);
    } else {
      const files = {
        "portolan.yml": migration.settings("beside"),
        ...(policy === undefined ? {} : { [POLICY_FILE]: policy }),
      };
      for (const written of await writeNewFiles(out, files)) process.stdout.write(`${printable(written)}\n`);
    }
    process.stderr.write(migrationText(migration));
    return EXIT_CODES.ok;
  },
};

function providerIn(flags: FlagValues): Provider {
  const given = flags["from"];
  const known = PROVIDERS.find((one) => one === given?.toLowerCase());
  if (known !== undefined) return known;
  const found = given === undefined ? "name the provider that is to be replaced" : `found ${quoted(given)}, allowed`;
  throw usageError(`migrate: --from: ${found}: ${PROVIDERS.join(" or ")}`);
}
