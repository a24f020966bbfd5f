import { systemClock } from "../../base/clock.ts";
import { AppError, EXIT_CODES } from "../../base/errors.ts";
import type { RunningTraefik } from "../../core/traefik-result/running-traefik.ts";
import { LISTED_SECTIONS, type TraefikResource } from "../../core/traefik-result/traefik-resource.ts";
import type { TraefikApiSettings } from "../../traefik-api/api-requests.ts";
import { openTraefikApi } from "../../traefik-api/open-traefik-api.ts";
import type { TraefikApi } from "../../traefik-api/traefik-api.ts";

/** Which catalog a provider of Traefik's reads. */
export type CatalogKind = "consul" | "nomad";

/** How Traefik's API calls its catalog providers: among its providers, and behind the names of what they define. */
const PROVIDERS: Readonly<Record<CatalogKind, { readonly listed: string; readonly suffix: string }>> = {
  consul: { listed: "ConsulCatalog", suffix: "consulcatalog" },
  nomad: { listed: "Nomad", suffix: "nomad" },
};

/** A running Traefik, and what its own catalog providers define. */
export interface TraefikOfCatalog {
  readonly traefik: RunningTraefik;
  readonly resources: readonly TraefikResource[];
}

/** Credentials that are read for one command have nothing to tell. */
const SILENT = { credentialsRenewed() {}, credentialsWarned() {} };

/** Asks a Traefik which one it is. Throws TraefikApiError (exit code 69), or AppError (78) where a TLS file cannot be used. */
export async function readRunningTraefik(
  settings: TraefikApiSettings,
  setting: string,
  signal: AbortSignal,
): Promise<RunningTraefik> {
  return await asking(settings, setting, (api) => api.running(signal));
}

/**
 * Reads all that a Traefik has from its own providers for these catalogs. Throws as `readRunningTraefik`, and AppError (exit
 * code 1) where that Traefik reads none of the catalogs: it is another one.
 */
export async function readTraefikOfCatalog(
  settings: TraefikApiSettings,
  setting: string,
  kinds: readonly CatalogKind[],
  signal: AbortSignal,
): Promise<TraefikOfCatalog> {
  return await asking(settings, setting, async (api) => {
    const traefik = await api.running(signal);
    const wanted = kinds.filter((kind) => traefik.providers.includes(PROVIDERS[kind].listed));
    if (wanted.length === 0) throw otherTraefik(traefik, settings, setting, kinds);
    const suffixes = wanted.map((kind) => PROVIDERS[kind].suffix);
    const isOwn = ({ provider }: TraefikResource) =>
      suffixes.some((suffix) => provider === suffix || provider.startsWith(`${suffix}-`));
    const resources: TraefikResource[] = [];
    for (const section of LISTED_SECTIONS) {
      for await (const page of api.resources(section, signal)) resources.push(...page.filter(isOwn));
    }
    return { traefik, resources };
  });
}

async function asking<Answer>(
  settings: TraefikApiSettings,
  setting: string,
  ask: (api: TraefikApi) => Promise<Answer>,
): Promise<Answer> {
  const api = openTraefikApi(settings, { clock: systemClock, reporter: SILENT, setting });
  try {
    return await ask(api);
  } finally {
    api.close();
  }
}

function otherTraefik(
  { providers }: RunningTraefik,
  { address }: TraefikApiSettings,
  setting: string,
  kinds: readonly CatalogKind[],
): AppError {
  const wanted = kinds.map((kind) => PROVIDERS[kind].listed).join(" or ");
  const found = providers.length === 0 ? "no providers at all" : providers.join(", ");
  const message = `${setting}: the Traefik at ${address} has ${found}, and not ${wanted}, which would read the catalog of these settings; name the Traefik that does, or settings for the catalog that it reads`;
  return new AppError(message, { code: "E_TRAEFIK_OTHER_PROVIDERS", retryable: false, exitCode: EXIT_CODES.failure });
}
