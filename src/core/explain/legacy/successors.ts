import { type Claimant, claimantOf } from "../../hosts/claimant.ts";
import {
  type ConfigObject,
  type DynamicConfig,
  isRouterSection,
  type ResourceKey,
  type RouterSection,
  routerLabel,
  routersOf,
  splitKey,
} from "../../traefik/chart/dynamic-config.ts";
import { wholePaths } from "../../traefik/rule-reach/reach.ts";
import { isSupersetOf } from "../../traefik/rule-reach/text-set.ts";
import type { Reason } from "../answer.ts";
import { askedInVain } from "../asking.ts";
import type { Decided } from "../decided.ts";
import { explainRouter } from "../router-answer.ts";
import { guardedLess, lostGuard } from "./guards.ts";
import type { LegacyRouter } from "./legacy-answer.ts";

/**
 * What becomes of the requests of a router of the operator's files once it is deleted: the routers of the catalog that take all
 * of them, and those that ask for its hosts and would not be there, or would take less.
 *
 * @param files what the operator's files define, with the router
 * @param without what a pass decides without the operator's static entries
 */
export function whatFollows(
  key: ResourceKey,
  router: ConfigObject,
  files: DynamicConfig,
  without: Decided,
): Pick<LegacyRouter, "successors" | "refused"> {
  const old = claimantAt(key, router);
  const successors: LegacyRouter["successors"][number][] = [];
  const refused: LegacyRouter["refused"][number][] = [];
  const { chart, memory } = without.decision;
  const { defaultEntryPoints, prefix } = without.settings.traefik;
  for (const { key: other, section, router: object } of routersOf(chart)) {
    if (memory.changes.operatorNames.has(other) || !isAbout(old, section, object)) continue;
    const { owner: service, servers } = explainRouter({ key: other }, without);
    const label = routerLabel(other);
    const one = claimantAt(other, object);
    const lack = lackOf(one, old, defaultEntryPoints);
    const unguarded = meet(one, old, defaultEntryPoints)
      ? lostGuard({ one, in: chart }, { one: old, in: files })
      : undefined;
    if (unguarded !== undefined)
      refused.push({ router: label, service, reason: guardedLess(label, unguarded, prefix) });
    else if (lack !== undefined) refused.push({ router: label, service, reason: takesLess(label, lack) });
    else if (servers.length === 0) refused.push({ router: label, service, reason: serverless(label) });
    else successors.push({ router: label, service, servers: servers.length });
  }
  const inVain = askedInVain((section, object) => isAbout(old, section, object), without);
  return { successors, refused: [...refused, ...inVain] };
}

function claimantAt(key: ResourceKey, object: ConfigObject): Claimant {
  const { section, name } = splitKey(key);
  if (!isRouterSection(section)) throw new Error(`${key} is no router`);
  const of = { service: "", kind: "operator", instances: [], sharingGroup: NONE, createIndex: 0 } as const;
  return claimantOf({ key, section, name, object, ...of });
}

const NONE: ReadonlySet<string> = new Set();

/** Does a router name a host of the other's; where that names none, is its rule the very same? */
function isAbout(old: Claimant, section: RouterSection, object: ConfigObject): boolean {
  if (section !== old.section) return false;
  const { hosts, entryPoints } = claimantAt(`${section}/-` as ResourceKey, object);
  if (old.protocol === "udp") return entryPoints.some((name) => old.entryPoints.includes(name));
  if (old.hosts.length === 0) return object["rule"] === old.object["rule"];
  return hosts.some((host) => old.hosts.includes(host));
}

/** What of the old router's requests a new one does not take; undefined where it takes all of them. */
function lackOf(one: Claimant, old: Claimant, defaults: readonly string[]): string | undefined {
  if (!listensWhere(one, old, defaults)) return "entry points";
  if (old.protocol !== "udp" && (one.tls === undefined) !== (old.tls === undefined)) return "TLS";
  const isSameRule = one.object["rule"] === old.object["rule"];
  const takesAll = old.areas.every((theirs) =>
    one.areas.some(
      (area) =>
        !area.isNarrowed &&
        isSupersetOf(area.host, theirs.host) &&
        isSupersetOf(wholePaths(area.path), wholePaths(theirs.path)),
    ),
  );
  return isSameRule || takesAll ? undefined : "rule";
}

/** Default entry points are taken for what the settings say; where they say nothing, for any. */
function listensWhere(one: Claimant, old: Claimant, defaults: readonly string[]): boolean {
  const own = one.entryPoints.length > 0 ? one.entryPoints : defaults;
  const wanted = old.entryPoints.length > 0 ? old.entryPoints : defaults;
  if (one.entryPoints.length === 0 && (old.entryPoints.length === 0 || defaults.length === 0)) return true;
  return wanted.length > 0 && wanted.every((name) => own.includes(name));
}

/** May one request reach either? Default entry points are taken for what the settings say; where they say nothing, for any. */
function meet(one: Claimant, old: Claimant, defaults: readonly string[]): boolean {
  const [own, wanted] = [one, old].map(({ entryPoints }) => (entryPoints.length > 0 ? entryPoints : defaults));
  return own?.length === 0 || wanted?.length === 0 || (wanted ?? []).some((name) => own?.includes(name));
}

function takesLess(router: string, lack: string): Reason {
  return {
    ...{ stage: "chart", code: "TAKES_LESS" },
    message: `router ${router} would not take all requests of the file's router: its ${lack} ${lack === "entry points" ? "differ" : "differs"}`,
    remedy: `give it the same ${lack}, as the tags below have it`,
  };
}

function serverless(router: string): Reason {
  return {
    ...{ stage: "health", code: "NO_SERVER" },
    message: `router ${router} would be there, with no server behind it`,
    remedy: "wait until an instance of its service is healthy",
  };
}
