import type { Decision } from "../../src/core/reconcile.ts";
import { type DynamicConfig, protocolOf, SECTIONS } from "../../src/core/traefik/dynamic-config.ts";
import { isLocal, referencesOf, targetOf } from "../../src/core/traefik/references.ts";
import type { Elsewhere, Flaw, Oracle } from "../support/oracle.ts";

/** What a Traefik that reads the chart refuses, disables or warns of; nothing in a good chart. */
export async function describeFlaws({ text, chart }: Decision, oracle: Oracle): Promise<readonly string[]> {
  const answer = await oracle.ask({ op: "runtime", text, elsewhere: referencesElsewhere(chart) });
  if (answer.flaws === undefined) return [`Traefik refuses the chart: ${answer.error ?? answer.panic}`];
  return answer.flaws.map(describe);
}

function describe({ key, status, errors }: Flaw): string {
  return `${key} is ${status} in Traefik: ${errors.join("; ")}`;
}

/** What the chart says somebody else defines, which it must be believed. */
function referencesElsewhere(chart: DynamicConfig): readonly Elsewhere[] {
  return SECTIONS.flatMap((section) =>
    [...chart[section].values()].flatMap((object) =>
      referencesOf(section, object).flatMap((reference): readonly Elsewhere[] => {
        const { kind, name } = reference;
        const target = targetOf(section, reference);
        const isOwn = target !== undefined && name.endsWith("@file") && chart[target].has(name.slice(0, -"@file".length));
        return isLocal(name) || isOwn ? [] : [{ protocol: protocolOf(section), kind, name }];
      }),
    ),
  );
}
