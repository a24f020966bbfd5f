import { AppError } from "../../base/errors.ts";
import { badSettings } from "../../config/bad-settings.ts";
import type { Settings } from "../../config/files/schema.ts";
import { resolveSettings, type SettingsInput } from "../../config/resolve/resolve.ts";
import type { Surroundings, Told } from "../../config/written/first-settings.ts";
import { formatRange } from "../../core/ports/port-range.ts";
import { TRAEFIK_VERSIONS } from "../../core/traefik/chart/dynamic-config.ts";
import type { TraefikApiSettings } from "../../traefik-api/api-requests.ts";
import { readCatalogs } from "../catalogs/read-catalogs-once.ts";
import { readDynamicPorts } from "../dynamic-ports/read-dynamic-ports-once.ts";
import { readRunningTraefik } from "../moving/read-traefik.ts";

const NOMAD = "http://127.0.0.1:4646";
/** What answers at all answers soon. */
const PATIENCE_MS = 10_000;

/** What is asked, beside what flags and environment say of the catalogs. */
export interface AskedSurroundings {
  readonly flags: SettingsInput["flags"];
  readonly environment: SettingsInput["environment"];
  readonly traefik: TraefikApiSettings;
  /** What messages call Traefik's address. */
  readonly traefikSetting: string;
}

/**
 * Asks Consul, Nomad and Traefik where they are, or would usually be. That one does not answer is no error: the file says so.
 * Throws AppError (exit code 78) where flags or variables have no usable address.
 */
export async function askSurroundings({
  flags,
  environment,
  traefik,
  traefikSetting,
}: AskedSurroundings): Promise<Surroundings> {
  const { output, "state-dir": stateDir, "nomad-addr": nomadFlag, ...others } = flags;
  const { NOMAD_ADDR, ...without } = environment;
  const consul = settingsBy({ flags: others, environment: without });
  const nomadAddress = nomadFlag ?? (NOMAD_ADDR === undefined || NOMAD_ADDR === "" ? NOMAD : NOMAD_ADDR);
  const nomad = settingsBy({ flags: { "nomad-addr": nomadAddress }, environment });
  const [ofConsul, ofNomad, ofTraefik] = await Promise.all([
    told(async () => ({ instances: (await readCatalogs(consul)).length })),
    told(async () => ({ dynamic: formatRange((await readDynamicPorts(nomad)).range.ports) })),
    told(async () => factsOf(await readRunningTraefik(traefik, traefikSetting, AbortSignal.timeout(PATIENCE_MS)))),
  ]);
  return {
    consul: { address: consul.consul.address, told: ofConsul },
    nomad: { address: nomad.nomad.address ?? NOMAD, told: ofNomad },
    traefik: { address: traefik.address, told: ofTraefik },
    output,
    stateDir,
  };
}

function settingsBy({ flags, environment }: Pick<SettingsInput, "flags" | "environment">): Settings {
  const content = { output: { file: "unused.yml" }, stateDir: "unused" };
  const resolved = resolveSettings({ file: { name: "", content }, environment, flags });
  if (resolved.kind === "resolved") return resolved.settings;
  throw badSettings(resolved.errors.join("\n"));
}

function factsOf(running: Awaited<ReturnType<typeof readRunningTraefik>>) {
  const { version, entryPoints, configuration } = running;
  return {
    version,
    line: TRAEFIK_VERSIONS.find((line) => version.startsWith(`${line}.`)),
    // Its own is for no service.
    entryPoints: entryPoints.map(({ name }) => name).filter((name) => name !== "traefik"),
    defaultEntryPoints: entryPoints.filter(({ isDefault }) => isDefault).map(({ name }) => name),
    directory: configuration?.file?.directory,
  };
}

async function told<Value>(ask: () => Promise<Value>): Promise<Told<Value>> {
  try {
    return { kind: "told", value: await ask() };
  } catch (error) {
    if (error instanceof AppError) return { kind: "untold", why: error.message };
    throw error;
  }
}
