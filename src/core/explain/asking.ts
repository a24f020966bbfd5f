import type { ServiceInstance } from "../catalog/snapshot.ts";
import { memoize, memoizeRecent } from "../incremental/memoize.ts";
import type { Translated } from "../instances/instance-state.ts";
import {
  type ConfigObject,
  isRouterSection,
  type ResourceKey,
  type RouterSection,
  resourceKey,
  routerLabel,
  splitKey,
} from "../traefik/chart/dynamic-config.ts";
import { labelsOf } from "../traefik/labels/labels.ts";
import { parseExpression } from "../traefik/predicate/expression.ts";
import type { AskedFor, Reason } from "./answer.ts";
import { routersAskedFor } from "./asked-routers.ts";
import type { Decided } from "./decided.ts";
import { explainRouter, ownerOf, partReasons } from "./router-answer.ts";
import { reasonsOfInstance } from "./way/instance-reasons.ts";
import { distinct } from "./way/reason.ts";
import { byStage } from "./way/stages.ts";

/**
 * Routers that services ask for and that are not in the chart as theirs, each with the first reason: also those of instances that
 * are unhealthy, quarantined or not exposed, as far as their tags tell a rule.
 *
 * @param isMeant whether the question is about a router, by its rule
 */
export function askedInVain(
  isMeant: (section: RouterSection, router: ConfigObject) => boolean,
  decided: Decided,
): readonly AskedFor[] {
  const { decision } = decided;
  const { services } = decision.memory.translation;
  const found: AskedFor[] = [];
  for (const [service, own] of services) {
    const asked = routersAskedFor(own);
    const named = own.some(isUnread) ? namedInTags(own, decided) : undefined;
    let ofInstances: readonly Reason[] | undefined;
    for (const [key, object] of named === undefined ? asked : new Map([...named, ...asked])) {
      const { section, name } = splitKey(key);
      if (!isRouterSection(section)) continue;
      // Nearly all have what they ask for.
      const isHad = decision.chart[section].has(name) && (ownerOf(key, decided) ?? service) === service;
      if (isHad) continue;
      const router = object ?? named?.get(key);
      if (router === undefined || !isMeant(section, router)) continue;
      ofInstances ??= reasonsOfInstances(own, decided);
      const { reasons } = explainRouter({ key, service, reasons: partReasons(key, own) }, decided);
      const [reason] = distinct([...reasons, ...ofInstances]).toSorted(byStage);
      if (reason !== undefined) found.push({ router: routerLabel(key), service, reason });
    }
  }
  return found;
}

/** Why the instances of a service get no traffic: the same for each router that they ask for. */
function reasonsOfInstances(own: readonly Translated[], { catalogs, settings }: Decided): readonly Reason[] {
  return distinct(
    own.flatMap((one) => {
      const catalog = catalogs.find(({ name }) => name === one.instance.catalogName);
      return reasonsOfInstance(one, settings, catalog);
    }),
  );
}

/** Its state does not say which routers its tags ask for. */
function isUnread({ state }: Translated): boolean {
  return !("fragment" in state) || state.fragment === undefined;
}

/** The routers that tags name, each with its rule alone: what can be said of tags that do not count, or cannot be read. */
function namedInTags(own: readonly Translated[], { settings }: Decided): ReadonlyMap<ResourceKey, ConfigObject> {
  return new Map(own.flatMap(({ instance }) => [...rulesInTags(settings.traefik.prefix)(instance)]));
}

/** Whatever the field is called: behind a key that is misspelt stands a rule all the same. */
const OF_ROUTER = /^traefik\.(http|tcp)\.routers\.([^.]+)\.[^.]+$/i;

const MOST_PREFIXES = 16;

/** Remembered with each instance, for the prefixes of a few charts: a question looks at all instances. */
const rulesInTags = memoizeRecent(MOST_PREFIXES, (prefix) =>
  memoize(({ tags, catalog }: ServiceInstance): ReadonlyMap<ResourceKey, ConfigObject> => {
    const found = new Map<ResourceKey, ConfigObject>();
    for (const [key, { value }] of labelsOf(tags, prefix, catalog)) {
      const [, protocol = "", name = ""] = OF_ROUTER.exec(key) ?? [];
      if (name === "" || parseExpression(value).kind === "flaw") continue;
      found.set(resourceKey(protocol.toLowerCase() === "tcp" ? "tcp/routers" : "http/routers", name), { rule: value });
    }
    return found;
  }),
);
