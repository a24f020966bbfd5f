import type { Decision } from "../../../src/core/decision.ts";
import { type DynamicConfig, protocolOf, SECTIONS } from "../../../src/core/traefik/chart/dynamic-config.ts";
import { isLocal, referencesOf, targetOf } from "../../../src/core/traefik/chart/references.ts";
import type { Elsewhere, Oracle } from "../../support/oracle.ts";
import { gapOf } from "./gaps.ts";

/** What a Traefik that reads a chart makes of it. */
export interface Flaws {
  /** What it refuses, disables or warns of. */
  readonly described: readonly string[];
  /** The gaps, by id, that other such things are known by. */
  readonly gaps: readonly string[];
}

/** Asks for everything that is wrong with a chart. */
export async function findFlaws({ text, chart }: Decision, oracle: Oracle): Promise<Flaws> {
  const answer = await oracle.ask({ op: "runtime", text, elsewhere: referencesElsewhere(chart) });
  const refusal = answer.error ?? answer.panic;
  const flaws = [
    ...(refusal === undefined ? [] : [{ message: refusal, line: `Traefik refuses the chart: ${refusal}` }]),
    ...(answer.flaws ?? []).flatMap(({ key, status, errors }) =>
      errors.map((message) => ({ message, line: `${key} is ${status} in Traefik: ${message}` })),
    ),
  ];
  return {
    described: flaws.filter(({ message }) => gapOf(message) === undefined).map(({ line }) => line),
    gaps: [...new Set(flaws.flatMap(({ message }) => gapOf(message)?.id ?? []))],
  };
}

/** What the chart says another provider defines; that cannot be checked here. */
function referencesElsewhere(chart: DynamicConfig): readonly Elsewhere[] {
  return SECTIONS.flatMap((section) =>
    [...chart[section].values()].flatMap((object) =>
      referencesOf(section, object).flatMap((reference): readonly Elsewhere[] => {
        const { kind, name } = reference;
        const target = targetOf(section, reference);
        const isOwn = target !== undefined && name.endsWith("@file") && chart[target].has(name.replace(/@file$/, ""));
        return isLocal(name) || isOwn ? [] : [{ protocol: protocolOf(section), kind, name }];
      }),
    ),
  );
}
