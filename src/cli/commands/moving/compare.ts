import { chosenCatalogs } from "../../../app/catalogs/chosen.ts";
import { dryPass } from "../../../app/dry-pass/dry-pass.ts";
import { readTraefikOfCatalog } from "../../../app/moving/read-traefik.ts";
import { stopOnSignals } from "../../../app/process/stop-signals.ts";
import { systemClock } from "../../../base/clock.ts";
import { AppError, EXIT_CODES } from "../../../base/errors.ts";
import { printableLines } from "../../../base/printable.ts";
import { loadSettings } from "../../../config/load.ts";
import { compareWithTraefik } from "../../../core/compare/compare.ts";
import type { TraefikApiSettings } from "../../../traefik-api/api-requests.ts";
import { type FlagValues, usageError } from "../../command-line/command-line.ts";
import { coloursFor } from "../../text/colour.ts";
import { comparisonJson, comparisonText } from "../../text/comparison-text.ts";
import { TRAEFIK_API_SETTING, traefikApiFrom } from "./traefik-flags.ts";

/** As `plan`. */
const EXITS = { same: EXIT_CODES.ok, error: EXIT_CODES.failure, different: EXIT_CODES.changes } as const;

/** Does what `compareCommand` says. Resolves to the exit code. */
export async function run(flags: FlagValues): Promise<number> {
  const named = traefikApiFrom(flags, "compare");
  try {
    return await compare(flags, named);
  } catch (error) {
    if (!(error instanceof AppError) || error.exitCode === EXIT_CODES.usage) throw error;
    throw new AppError(error.message, { code: error.code, retryable: error.retryable, exitCode: EXITS.error });
  }
}

/** @param named by the flags; else the API that the settings name */
async function compare(flags: FlagValues, named: TraefikApiSettings | undefined): Promise<number> {
  const settings = await loadSettings(flags, process.env);
  const api = named ?? settings.traefik.api;
  if (api === undefined) {
    throw usageError(
      "compare: name the API of the running Traefik by --traefik-api, as http://127.0.0.1:8080, or by the setting traefik.api",
    );
  }
  const setting = named === undefined ? "traefik.api" : TRAEFIK_API_SETTING;
  const kinds = [...new Set(chosenCatalogs(settings).map(({ kind }) => kind))];
  const { traefik, resources } = await readTraefikOfCatalog(api, setting, kinds, stopOnSignals());
  const {
    edges: [main],
    unread,
    notes,
  } = await dryPass(settings);
  for (const note of notes) process.stderr.write(`${printableLines(note)}\n`);
  for (const { label, reason } of unread)
    process.stderr.write(`${printableLines(`${label} was not read: ${reason}`)}\n`);
  const { decision, snapshots, settings: core } = main.present;
  const { entryPoints } = traefik;
  const nowMs = systemClock.nowMs();
  const comparison = compareWithTraefik({ resources, entryPoints, decision, snapshots, settings: core, nowMs });
  const about = {
    address: api.address,
    version: traefik.version,
    providers: providersOf(resources, kinds),
    chart: main.file,
  };
  process.stdout.write(
    flags["json"] === undefined
      ? comparisonText(comparison, about, coloursFor(process.stdout, process.env))
      : `${JSON.stringify(comparisonJson(comparison, about))}\n`,
  );
  return comparison.differences.length === 0 ? EXITS.same : EXITS.different;
}

function providersOf(resources: readonly { readonly provider: string }[], kinds: readonly string[]): readonly string[] {
  const found = [...new Set(resources.map(({ provider }) => provider))].sort();
  return found.length > 0 ? found : kinds.map((kind) => (kind === "consul" ? "consulcatalog" : kind));
}
