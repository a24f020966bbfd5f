import type { TraefikSummary } from "../../api/resources/status.ts";
import type { TraefikReport } from "../observer.ts";
import { isoTime } from "./times.ts";

/** What Traefik made of the chart; null where its API is not asked, or has not been yet. */
export function traefikView(report: TraefikReport | undefined): TraefikSummary | null {
  if (report === undefined) return null;
  const { api, result, unread } = report;
  const error =
    unread === undefined
      ? null
      : { code: unread.code, message: unread.message, since: new Date(unread.sinceMs).toISOString() };
  return {
    api,
    error,
    version: result?.traefik.version ?? null,
    readAt: isoTime(result?.readAtMs),
    chart: result?.taking.kind ?? null,
    entryPoints: (result?.traefik.entryPoints ?? []).map(({ name }) => name),
    entryPointAddresses: Object.fromEntries(
      (result?.traefik.entryPoints ?? []).map(({ name, address }) => [name, address]),
    ),
    certResolvers: result?.traefik.configuration?.certResolvers ?? null,
    flaws: result?.flaws.size ?? 0,
  };
}
