import type { Claimant } from "../../hosts/claimant.ts";
import { plainName } from "../../policy/required-middlewares.ts";
import { type DynamicConfig, kindOf, splitKey } from "../../traefik/chart/dynamic-config.ts";
import type { Reason } from "../answer.ts";
import { ledToBy } from "./leads-to.ts";

/** The code of a router that would answer requests of the file's router without what guards them: the entry is not done by then. */
export const GUARDED_LESS = "GUARDED_LESS";

/** A router among what defines its middlewares. */
interface Guarded {
  readonly one: Claimant;
  readonly in: DynamicConfig;
}

/** What guards a router of the operator's files and not the service's. */
export interface LostGuard {
  readonly what: "middlewares" | "TLS options";
  /** The service's router by its own name. */
  readonly router: Pick<Claimant, "name" | "protocol">;
  /** As the file's router names them. */
  readonly names: readonly string[];
  /** What the service's router names already. */
  readonly present: readonly string[];
}

/**
 * Compares what guards two routers: every middleware of the old one has to be at the new one, by itself, in a chain or as a
 * default of the settings, and the TLS options have to be the same. Undefined where nothing is lost.
 */
export function lostGuard(present: Guarded, old: Guarded): LostGuard | undefined {
  const { one } = present;
  const guards = guardsOf(present);
  const isLost = [...guardsOf(old)].some((guard) => !guards.has(guard));
  if (isLost) return { what: "middlewares", router: one, names: namedBy(old.one), present: namedBy(one) };
  const options = old.one.tls?.options;
  const isSame = options === undefined || one.tls === undefined || one.tls.options === options;
  return isSame ? undefined : { what: "TLS options", router: one, names: [options], present: [one.tls.options] };
}

/** The middlewares of a router, each by itself in place of the chain that has it. */
function guardsOf({ one: { section, name }, in: config }: Guarded): ReadonlySet<string> {
  const keys = [...ledToBy(section, name, config)].filter((key) => {
    const { section: of, name: middleware } = splitKey(key);
    return kindOf(of) === "middlewares" && config[of].get(middleware)?.["chain"] === undefined;
  });
  return new Set(keys);
}

function namedBy({ object }: Claimant): readonly string[] {
  return Array.isArray(object["middlewares"]) ? object["middlewares"].map(String) : [];
}

/** @param label of the service's router, for messages */
export function guardedLess(label: string, { what, router, names, present }: LostGuard, prefix: string): Reason {
  const at = `${prefix}.${router.protocol}.routers.${router.name}`;
  const inFile = names.map((name) => (name.includes("@") || name === "default" ? name : `${name}@file`));
  const others = present.filter((name) => !names.some((one) => plainName(one) === plainName(name)));
  const tag =
    what === "middlewares" ? `${at}.middlewares=${[...inFile, ...others].join(",")}` : `${at}.tls.options=${inFile[0]}`;
  return {
    ...{ stage: "chart", code: GUARDED_LESS },
    message: `router ${label} would answer for hosts of the file's router without its ${what} ${inFile.join(", ")}`,
    remedy: `keep the file's router, or give the service the tag ${JSON.stringify(tag)}`,
  };
}
