import { nearest } from "../../base/nearest.ts";
import type { RouterSection } from "../traefik/chart/dynamic-config.ts";
import { type ConfigObject, type ResourceKey, splitKey } from "../traefik/chart/dynamic-config.ts";
import { reachOfRouter } from "../traefik/rule-reach/reach.ts";
import type { TraefikFlaw, TraefikResult } from "../traefik-result/traefik-result.ts";
import type { Reason } from "./answer.ts";
import { agoText } from "./way/ago.ts";

/** What a running Traefik says of a router, and why it does not serve it, where that is so. */
export interface TraefikWord {
  readonly says: string;
  readonly reason?: Reason;
}

/**
 * What Traefik made of a router and of what it leads to.
 *
 * @param parts the router first, then what it leads to
 */
export function traefikWord(
  parts: readonly ResourceKey[],
  router: ConfigObject,
  result: TraefikResult | undefined,
  nowMs: number,
): TraefikWord {
  if (result === undefined) return { says: "was not asked: traefik.api is not set" };
  const read = `asked ${agoText(nowMs - result.readAtMs)}`;
  for (const key of parts) {
    const flaw = result.flaws.get(key);
    if (flaw === undefined) continue;
    const says = `${wordsOf(key, flaw)}; ${read}`;
    const code = flaw.kind === "refused" ? "TRAEFIK_REFUSED" : "TRAEFIK_NOT_TAKEN";
    const remedy = flaw.kind === "refused" ? remedyFor(key, router, result) : NOT_TAKEN;
    return { says, reason: { stage: "traefik", code, message: `traefik ${says}`, remedy } };
  }
  return { says: `has it as it is charted; ${read}` };
}

const NOT_TAKEN =
  "see whether Traefik's file provider reads the chart's directory and what its log says of the file; traefik.api must be that Traefik's";

function wordsOf(key: ResourceKey, flaw: TraefikFlaw): string {
  switch (flaw.kind) {
    case "refused": {
      const what = flaw.status === "disabled" ? "has disabled" : "has found something wrong with";
      return `${what} ${key}${flaw.errors.length === 0 ? "" : `: ${flaw.errors.join("; ")}`}`;
    }
    case "missing":
      return `has no ${key} from its file provider`;
    case "different":
      return `has another ${key} than is charted: the field ${flaw.field} differs`;
  }
}

/** Mostly it is an entry point that Traefik does not have: then those that it has are the remedy. */
function remedyFor(key: ResourceKey, router: ConfigObject, { traefik }: TraefikResult): string {
  const { section, name } = splitKey(key);
  const known = traefik.entryPoints.map((one) => one.name);
  const { entryPoints } = section.endsWith("/routers")
    ? reachOfRouter(section as RouterSection, router)
    : { entryPoints: [] };
  const unknown = entryPoints.find((one) => !known.includes(one));
  if (unknown === undefined) return "correct what Traefik names, in the tags or in its static configuration";
  const instead = nearest(unknown, known) ?? known.find((one) => one !== "traefik") ?? "";
  const tag = `traefik.${section.replace("/", ".")}.${name}.entrypoints=${instead}`;
  return `name an entry point that this Traefik has (${known.join(", ")}), for example by the tag ${tag}, or define ${unknown} in its static configuration`;
}
