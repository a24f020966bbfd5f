import fc from "fast-check";
import type { Catalog } from "../../src/core/catalog/snapshot.ts";
import { type Coverage, createCoverage } from "./coverage.ts";
import { type CatalogCase, catalogCase } from "./generators/catalogs.ts";
import type { Judgement } from "./judge/judge.ts";
import { smallestFailing } from "./smallest.ts";

export type Disagreement = Extract<Judgement, { kind: "disagreed" }> & {
  /** As small as it could be made. */
  readonly smallest: CatalogCase;
  readonly seed: number;
};

/** What a run over many cases has shown. */
export interface Findings {
  readonly agreed: number;
  /** Why others could not be compared → how many. */
  readonly incomparable: ReadonlyMap<string, number>;
  readonly disagreements: readonly Disagreement[];
  readonly coverage: Coverage;
}

export interface CampaignOptions {
  readonly catalog: Catalog;
  readonly seed: number;
  readonly cases: number;
  /** Stop after this many disagreements. */
  readonly most: number;
  /** Called after each case with the number of cases that are left. */
  readonly progress?: (left: number) => void;
}

/**
 * Judges seeded random catalogs until all are judged or `most` disagreements are known. Each disagreement is made small,
 * and the rest goes on from the next seed.
 */
export async function runCampaign(
  judge: (candidate: CatalogCase) => Promise<Judgement>,
  options: CampaignOptions,
): Promise<Findings> {
  const coverage = createCoverage(options.catalog);
  const disagreements: Disagreement[] = [];
  const incomparable = new Map<string, number>();
  let agreed = 0;
  let left = options.cases;
  for (let seed = options.seed; left > 0 && disagreements.length < options.most; seed += 1) {
    let failing: CatalogCase | undefined;
    const property = fc.asyncProperty(catalogCase, async (candidate) => {
      const judgement = await judge(candidate);
      if (failing === undefined) {
        left -= 1;
        options.progress?.(left);
        const shown = "shown" in judgement ? (judgement.shown ?? []) : [];
        coverage.add(candidate, "config" in judgement ? judgement.config : undefined, shown);
        if (judgement.kind === "agreed") agreed += 1;
        else if ("reason" in judgement)
          incomparable.set(judgement.reason, (incomparable.get(judgement.reason) ?? 0) + 1);
      }
      if (judgement.kind !== "disagreed") return true;
      failing = candidate;
      return false;
    });
    await fc.check(property, { seed, numRuns: left });
    if (failing !== undefined) disagreements.push(await reduced(failing, seed, judge));
  }
  return { agreed, incomparable, disagreements, coverage };
}

async function reduced(
  failing: CatalogCase,
  seed: number,
  judge: (candidate: CatalogCase) => Promise<Judgement>,
): Promise<Disagreement> {
  const smallest = await smallestFailing(failing, async (candidate) => (await judge(candidate)).kind === "disagreed");
  const judgement = await judge(smallest);
  if (judgement.kind !== "disagreed") throw new Error(`the answer to seed ${seed} is not the same twice`);
  return { ...judgement, smallest, seed };
}
