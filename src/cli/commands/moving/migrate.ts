import { migrate } from "../../../app/moving/migrate.ts";
import { readRunningTraefik } from "../../../app/moving/read-traefik.ts";
import { writeNewFiles } from "../../../app/moving/write-files.ts";
import { stopOnSignals } from "../../../app/process/stop-signals.ts";
import { EXIT_CODES } from "../../../base/errors.ts";
import { printable } from "../../../base/printable.ts";
import { PROVIDERS, type Provider } from "../../../migrate/providers.ts";
import { POLICY_FILE } from "../../../migrate/written-migration.ts";
import { type FlagValues, usageError } from "../../command-line/command-line.ts";
import { migrationText } from "../../text/migration-text.ts";
import { quoted } from "../../text/quoted.ts";
import { TRAEFIK_API_SETTING, traefikApiFrom } from "./traefik-flags.ts";

/** Does what `migrateCommand` says. Resolves to the exit code. */
export async function run(flags: FlagValues): Promise<number> {
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
}

function providerIn(flags: FlagValues): Provider {
  const given = flags["from"];
  const known = PROVIDERS.find((one) => one === given?.toLowerCase());
  if (known !== undefined) return known;
  const found = given === undefined ? "name the provider that is to be replaced" : `found ${quoted(given)}, allowed`;
  throw usageError(`migrate: --from: ${found}: ${PROVIDERS.join(" or ")}`);
}
