import type { Explained } from "../../api/resources/explain.ts";
import type { LegacyExplained } from "../../api/resources/legacy.ts";
import type { Settings } from "../../config/files/schema.ts";
import { dryPass } from "../dry-pass/dry-pass.ts";
import { unreadText } from "../dry-pass/read-inputs-once.ts";
import { explainCharts, explainLegacyCharts } from "./explain-charts.ts";
import { readCatalogs } from "./read-catalogs.ts";

/** An answer without a daemon, and what the reader should know of how it came about. */
export interface DryAnswer<Answer> {
  readonly answer: Answer;
  /** Catalogs that did not answer, and what was found in the state directory. */
  readonly notes: readonly string[];
}

/**
 * The answer by what a pass would decide now, from the catalogs, the chart on disk and the kept state. Writes nothing. Throws
 * AppError as `dryPass` does: exit code 69 where no catalog answers, 78 for bad settings, 73 for files that may not be read.
 */
export async function explainWithoutDaemon(about: string, settings: Settings): Promise<DryAnswer<Explained>> {
  const { charts, catalogs, nowMs, notes } = await decidedWithoutDaemon(settings);
  return { answer: explainCharts(about, charts, catalogs, nowMs), notes };
}

/** What is left to migrate, by the same. */
export async function explainLegacyWithoutDaemon(settings: Settings): Promise<DryAnswer<LegacyExplained>> {
  const { charts, catalogs, nowMs, notes } = await decidedWithoutDaemon(settings);
  return { answer: explainLegacyCharts(charts, catalogs, nowMs), notes };
}

async function decidedWithoutDaemon(settings: Settings) {
  const { edges, unread, notes } = await dryPass(settings);
  const charts = edges.map(({ name, file, present, rollback, published }) => {
    const { decision, snapshots } = present;
    // Of a rollback the chart on disk is in force; what was decided would come with its release.
    const inForce = rollback === undefined || published === undefined ? decision : { ...decision, chart: published };
    return { chart: name, output: file, decision: inForce, snapshots, rolledBackTo: rollback?.number };
  });
  const failing = new Map(unread.map(({ label, reason }) => [label, reason]));
  const catalogs = readCatalogs(settings).map((catalog) => {
    const failure = failing.get(catalog.name ?? catalog.product);
    return failure === undefined ? catalog : { ...catalog, failure };
  });
  return { charts, catalogs, nowMs: Date.now(), notes: [...unread.map(unreadText), ...notes] };
}
