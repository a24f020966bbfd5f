import type { ScrapeTargetsAnswer } from "../../api/resources/scrape-targets.ts";
import { AppError } from "../../base/errors.ts";
import type { CatalogSnapshot } from "../../core/catalog/snapshot.ts";
import type { CoreSettings } from "../../core/settings.ts";
import { scrapeTargets } from "../../core/targets/scrape-targets.ts";
import { type ScrapeTarget, TARGET_FACTS } from "../../core/targets/target.ts";
import type { ChartStatus } from "./chart-status.ts";

/** The targets as Prometheus's HTTP service discovery takes them; throws as `wholeScrapeTargets`. */
export function scrapeTargetsView(status: Pick<ChartStatus, "lastPass">, nowMs: number): ScrapeTargetsAnswer {
  return wholeScrapeTargets(status, nowMs).map(groupOf);
}

/**
 * The targets of the last pass. Prometheus drops what a list lacks, and keeps its last list for any status but 200: so there is
 * a list only where the catalogs surely show all they have. Throws AppError (E_API_BUSY) else: none has been read since the
 * start, one is away and has left nothing to stand in, one hides what it had, or its index has fallen back a moment ago and
 * services register again. While a catalog that was read is away its last good answer counts.
 */
export function wholeScrapeTargets(
  { lastPass }: Pick<ChartStatus, "lastPass">,
  nowMs: number,
): readonly ScrapeTarget[] {
  const settings = lastPass?.decision.memory.changes.settings;
  if (lastPass === undefined || settings === undefined) throw busy("the catalog has not been read completely yet");
  for (const snapshot of lastPass.snapshots) {
    const why = whyIncomplete(snapshot, settings, nowMs);
    if (why !== undefined) throw busy(`${nameOf(snapshot)} ${why}`);
  }
  return scrapeTargets(lastPass.snapshots, settings);
}

function whyIncomplete(
  { freshness, blind, indexResetAtMs }: CatalogSnapshot,
  { guard }: CoreSettings,
  nowMs: number,
): string | undefined {
  if (freshness === "unread") return "has not been read yet, and nothing of it is known";
  if (blind !== undefined) return `may hide what it has: ${blind.reason}`;
  if (indexResetAtMs !== undefined && nowMs < indexResetAtMs + guard.resetHoldMs) {
    return "was restarted without its data, or restored, and services register again (guard.resetHold)";
  }
  return undefined;
}

function nameOf({ catalogName }: CatalogSnapshot): string {
  return catalogName === undefined ? "the catalog" : `the catalog ${catalogName}`;
}

function busy(why: string): AppError {
  return new AppError(`the list of targets would lack some: ${why}; Prometheus keeps the list it has`, {
    code: "E_API_BUSY",
    retryable: true,
  });
}

function groupOf({ address, scheme, path, source, of }: ScrapeTarget): ScrapeTargetsAnswer[number] {
  const facts = TARGET_FACTS.flatMap((fact) => {
    const value = of[fact];
    return value === undefined ? [] : [[`__meta_portolan_${fact}`, labelValue(value)] as const];
  });
  return {
    targets: [address],
    labels: {
      __scheme__: scheme,
      __metrics_path__: path,
      __meta_portolan_source: source,
      ...Object.fromEntries(facts),
    },
  };
}

const MOST_OF_LABEL = 200;

/** Names in a catalog are not to be trusted: as a label they are short, and have no characters that steer what shows them. */
function labelValue(text: string): string {
  const short = [...text].slice(0, MOST_OF_LABEL).join("").toWellFormed();
  return short.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, "\ufffd");
}
