import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import { diagnose, type Finding } from "../diagnostics/finding.ts";
import { memoize } from "../incremental/memoize.ts";
import type { TranslatedServices } from "../instances/instance-state.ts";
import type { Pass } from "../stage.ts";
import { closedForm, WITHOUT_SERVERS } from "../traefik/chart/closed-router.ts";
import { patchConfig } from "../traefik/chart/config-patch.ts";
import {
  type ConfigObject,
  type DynamicConfig,
  isRouterSection,
  type ResourceKey,
  type RouterSection,
  resourceKey,
  splitKey,
} from "../traefik/chart/dynamic-config.ts";
import { type NamedReference, targetOf } from "../traefik/chart/references.ts";
import { reachOfRouter } from "../traefik/rule-reach/reach.ts";
import type { Definition } from "./definition.ts";
import type { FindDefinition } from "./merge-memory.ts";
import type { Owner, PublishedNames } from "./owner.ts";

/** A router that was published, that its owner asks for as ever, and that lacks something which it needs. */
export interface ClosedRouter {
  /** The catalog service that owns it, by its key. */
  readonly service: string;
  /** Since when something is missing. */
  readonly sinceMs: number;
  /** As it answers 503: with its last rule, without servers and without middlewares. */
  readonly router: ConfigObject;
}

export type ClosedRouters = ReadonlyMap<ResourceKey, ClosedRouter>;

export const NONE_CLOSED_YET: ClosedRouters = new Map();

/** A router that refers to something that is not charted. */
export interface DanglingRouter {
  readonly key: ResourceKey;
  readonly missing: NamedReference;
}

export interface Closing {
  readonly config: DynamicConfig;
  /** Those that answer 503, and those whose time for that is over: both keep their hosts. */
  readonly closed: ClosedRouters;
  readonly diagnostics: readonly Diagnostic[];
  readonly dueAtMs: readonly number[];
}

export interface ClosingInput {
  /** What is sound; the dangling routers are not in it. */
  readonly config: DynamicConfig;
  readonly dangling: readonly DanglingRouter[];
  readonly definitionOf: FindDefinition;
  readonly services: TranslatedServices;
  /** Name → its owner, after the merge of this pass. */
  readonly owners: ReadonlyMap<ResourceKey, Owner>;
  /** What the last pass has published, and who owned it. */
  readonly published: PublishedNames;
}

/**
 * Lets a published router that lacks something answer 503 for as long as a router outlives its last server, and remembers
 * it after that for as long as its owner asks for it: an owner that is there keeps its hosts, whatever happens to what it
 * borrows from others. Served without what is missing it is never. A first definition that refers to nothing gets nothing.
 */
export function closeDangling(pass: Pass, input: ClosingInput, before: ClosedRouters): Closing {
  const { settings, nowMs } = pass;
  const patch = patchConfig(input.config);
  const closed = new Map<ResourceKey, ClosedRouter>(stillUnhealthy(before, input));
  const diagnostics: Diagnostic[] = [];
  const dueAtMs: number[] = [];
  for (const { key, missing } of input.dangling) {
    const { section, name } = splitKey(key);
    const definition = input.definitionOf(section, name);
    if (!isRouterSection(section) || definition === undefined) continue;
    const one = knownClosed(key, definition, before) ?? newlyClosed(key, section, definition, missing, input, nowMs);
    if (one === undefined) continue;
    const endsAtMs = one.sinceMs + settings.routes.zeroInstanceGraceMs;
    if (nowMs >= endsAtMs) {
      if (asksForAll(section, definition.object, one.router)) closed.set(key, one);
      continue;
    }
    closed.set(key, one);
    const service = splitKey(closedForm(section, name, one.router).service);
    patch.put(section, name, one.router);
    patch.put(service.section, service.name, WITHOUT_SERVERS);
    dueAtMs.push(endsAtMs);
    diagnostics.push(...definition.instances.map((instance) => diagnose(instance, answers503(key, missing, endsAtMs))));
  }
  return { config: patch.result(), closed, diagnostics, dueAtMs };
}

/** Is the router in the chart, answering 503? Else only its hosts are kept. */
export function isStillPublished({ sinceMs }: ClosedRouter, { settings, nowMs }: Pass): boolean {
  return nowMs < sinceMs + settings.routes.zeroInstanceGraceMs;
}

/** The definition with the router as it answers 503; the same object for the same two. */
export function closedDefinition(definition: Definition, { router }: ClosedRouter): Definition {
  return closedAs(router)(definition);
}

const closedAs = memoize((object: ConfigObject) => memoize((definition: Definition) => ({ ...definition, object })));

/** Those whose owner has no healthy instance at the moment: what it asks for is looked at when it has one again. */
function* stillUnhealthy(before: ClosedRouters, { services, definitionOf }: ClosingInput) {
  for (const [key, one] of before) {
    const own = services.get(one.service) ?? [];
    const { section, name } = splitKey(key);
    const isAway = own.length > 0 && own.every(({ state }) => state.kind !== "routed" && state.kind !== "hidden");
    if (isAway && definitionOf(section, name) === undefined) yield [key, one] as const;
  }
}

function knownClosed(key: ResourceKey, { service }: Definition, before: ClosedRouters): ClosedRouter | undefined {
  const known = before.get(key);
  return known?.service === service ? known : undefined;
}

function newlyClosed(
  key: ResourceKey,
  section: RouterSection,
  { name, service }: Definition,
  missing: NamedReference,
  { owners, published }: ClosingInput,
  nowMs: number,
): ClosedRouter | undefined {
  const router = published.chart?.[section].get(name);
  if (router === undefined || (published.owners.get(key)?.service ?? service) !== service) return undefined;
  const target = targetOf(section, missing);
  const lender = target === undefined ? undefined : owners.get(resourceKey(target, missing.name));
  // Those who go on without a lender that has left have had their time.
  return { service, sinceMs: lender?.leftAtMs ?? nowMs, router: closedForm(section, name, router).router };
}

/** Whether a definition names all hosts that the router had: who gives a host up has it no more. */
function asksForAll(section: RouterSection, object: ConfigObject, router: ConfigObject): boolean {
  const asked = new Set(namedHosts(section, object));
  return namedHosts(section, router).every((host) => asked.has(host));
}

function namedHosts(section: RouterSection, object: ConfigObject): readonly string[] {
  const { areas = [] } = reachOfRouter(section, object);
  return areas.filter(({ host }) => host.isExact).map(({ host }) => host.prefix);
}

function answers503(key: ResourceKey, { kind, name }: NamedReference, endsAtMs: number): Finding {
  return {
    code: "ROUTER_CLOSED",
    message: `${key} answers 503 until ${new Date(endsAtMs).toISOString()}, and 404 after that, since the ${kind} ${JSON.stringify(name)} is missing: without it the router is not served`,
    remedy: "define what is missing, or let the router refer to something else; its hosts are kept for it meanwhile",
  };
}
