import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import { memoize } from "../incremental/memoize.ts";
import type { ConfigObject, ResourceKey } from "../traefik/chart/dynamic-config.ts";
import { diagnoseResult, flawFinding } from "../traefik-result/diagnose-result.ts";
import { whyNotTaken } from "../traefik-result/diagnose-taking.ts";
import type { ResultContext } from "../traefik-result/result-context.ts";
import type { TraefikFlaw, TraefikResult } from "../traefik-result/traefik-result.ts";
import type { Reason } from "./answer.ts";
import type { Decided } from "./decided.ts";
import { agoText } from "./way/ago.ts";
import { reasonOfFinding } from "./way/reason.ts";

/** What a running Traefik says of a router, and why it does not serve it, where that is so. */
export interface TraefikWord {
  readonly says: string;
  /** False where visitors surely do not meet it, or not as it is charted. */
  readonly isServed: boolean;
  readonly reason?: Reason;
}

/** A part of the chart: a router, or something that it leads to. */
export interface ChartedPart {
  readonly key: ResourceKey;
  readonly object: ConfigObject;
}

/** What Traefik made of the chart as a whole, and of these parts, the first of them first: in the words of its diagnostics. */
export function traefikWord(parts: readonly ChartedPart[], decided: Decided): TraefikWord {
  const { traefik, nowMs } = decided;
  if (traefik === undefined) return { says: "was not asked: traefik.api is not set", isServed: true };
  const { result, unread } = traefik;
  const trouble = unread === undefined ? "" : `; its API does not answer now: ${unread.message}`;
  if (result === undefined) return { says: `was not asked yet${trouble}`, isServed: true };
  const asked = `asked ${agoText(nowMs - result.readAtMs)}${trouble}`;
  const context = contextOf(result, decided);
  const { taking, flaws } = result;
  if (taking.kind === "waiting") return { says: `has had no time to load the chart yet; ${asked}`, isServed: true };
  const untaken = whyNotTaken(context);
  if (untaken !== undefined) {
    const { has, cause, remedy } = untaken;
    const message = `Traefik ${has}: ${cause}`;
    return {
      says: `${has}; ${asked}`,
      isServed: taking.kind === "behind",
      reason: { stage: "traefik", code: "TRAEFIK_NOT_TAKEN", message, remedy },
    };
  }
  for (const { key, object } of parts) {
    const flaw = flaws.get(key);
    if (flaw === undefined) continue;
    const reason = reasonOfFinding(flawFinding(key, object, flaw, context));
    const isInPart = flaw.kind === "refused" && flaw.status === "warning";
    return { says: `${flawWords(flaw)}; ${asked}`, isServed: isInPart, reason };
  }
  return { says: `has it as it is charted; ${asked}`, isServed: true };
}

function flawWords(flaw: TraefikFlaw): string {
  switch (flaw.kind) {
    case "refused": {
      const did = flaw.status === "disabled" ? "has disabled it" : "serves it in part only";
      return flaw.errors.length === 0 ? did : `${did}: ${flaw.errors.join("; ")}`;
    }
    case "missing":
      return "does not have it";
    case "different":
      return `has another one of that name: ${flaw.field} differs`;
  }
}

/** What is wrong by the running Traefik with what services asked for, as far as it is about no part alone. */
export function traefikDiagnostics(decided: Decided): readonly Diagnostic[] {
  const result = decided.traefik?.result;
  return result === undefined ? [] : diagnosed(decided.decision)(result)(decided);
}

const diagnosed = memoize((_: Decided["decision"]) =>
  memoize((result: TraefikResult) => {
    let known: readonly Diagnostic[] | undefined;
    return (decided: Decided) => {
      known ??= diagnoseResult(contextOf(result, decided)).filter(({ code }) => code === "TRAEFIK_RESOLVER_UNKNOWN");
      return known;
    };
  }),
);

function contextOf(result: TraefikResult, { decision: { chart, memory }, settings, output }: Decided): ResultContext {
  return {
    ...{ result, chart, output, settings: settings.traefik },
    owners: memory.owners,
    services: memory.translation.services,
    operatorNames: memory.changes.operatorNames,
  };
}
