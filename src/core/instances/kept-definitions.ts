import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import { diagnose } from "../diagnostics/finding.ts";
import { copyOnWrite } from "../incremental/copy-on-write-map.ts";
import { gathering } from "../incremental/gathering.ts";
import type { Steps } from "../incremental/steps.ts";
import type { Pass, StageResult } from "../stage.ts";
import { closedForm, WITHOUT_SERVERS } from "../traefik/chart/closed-router.ts";
import {
  type ConfigObject,
  type DynamicConfig,
  isRouterKey,
  isRouterSection,
  newConfig,
  type ResourceKey,
  ROUTER_SECTIONS,
  resourceKey,
  splitKey,
} from "../traefik/chart/dynamic-config.ts";
import type { Fragment } from "../translate/draft.ts";
import type { Translated, TranslatedServices } from "./instance-state.ts";
import { isSlip, mayGoOn, soundPart } from "./slip.ts";

/** A router that goes on as it was last defined, since its definition is wrong. */
export interface KeptDefinition {
  /** The catalog service that owns it, by its key. */
  readonly service: string;
  /** Since when its definition is wrong. */
  readonly sinceMs: number;
  readonly router: ConfigObject;
}

/** What one pass hands to the next. */
export interface KeptDefinitions {
  /** Survives a restart. */
  readonly routers: ReadonlyMap<ResourceKey, KeptDefinition>;
  /** Service → its instances, and what counts of them instead: the same lists give the same one. */
  readonly instead: ReadonlyMap<
    string,
    { readonly own: readonly Translated[]; readonly routers: string; readonly kept: readonly Translated[] }
  >;
}

export const NO_KEPT_DEFINITIONS: KeptDefinitions = { routers: new Map(), instead: new Map() };

export interface KeptDefinitionsInput {
  readonly services: TranslatedServices;
  /** The published chart was made by the same settings: what is wrong now is not so because of others. */
  readonly isBySameSettings: boolean;
  readonly last: {
    readonly chart: DynamicConfig | undefined;
    readonly owners: ReadonlyMap<ResourceKey, { readonly service: string }>;
  };
}

/**
 * The stage that lets a published router go on as it was last defined while its owner has got its new definition wrong: for
 * as long as a router outlives its last server, with the servers of those instances whose tags about them are sound. Not
 * where the new definition may be meant to close it: then the router answers 503. After other settings what is wrong counts.
 */
export function* keepDefinitions(
  { settings, nowMs }: Pass,
  { services, isBySameSettings, last }: KeptDefinitionsInput,
  before: KeptDefinitions,
): Steps<StageResult<TranslatedServices, KeptDefinitions>> {
  const { chart } = last;
  const routers = new Map<ResourceKey, KeptDefinition>();
  const instead = new Map<string, { own: readonly Translated[]; routers: string; kept: readonly Translated[] }>();
  const diagnostics: Diagnostic[] = [];
  const dueAtMs: number[] = [];
  if (chart !== undefined) {
    for (const [service, own] of wrongAmong(services)) {
      yield;
      const found = new Map<ResourceKey, KeptDefinition>();
      const shut = new Set<ResourceKey>();
      const kept = own.map((one) => {
        const goingOn = definitionsGoingOn(one, service, own);
        if (goingOn === undefined || goingOn.routers.size === 0) return one;
        for (const [key, router] of goingOn.routers) {
          if (!isBySameSettings) {
            // What other settings made wrong has had its time: Traefik might not even load it as it was.
            routers.set(key, { service, sinceMs: 0, router });
            continue;
          }
          const known = before.routers.get(key);
          const endsAtMs = (known?.sinceMs ?? nowMs) + settings.routes.zeroInstanceGraceMs;
          const isClosed = goingOn.closed.has(key);
          if (isClosed) shut.add(key);
          diagnostics.push(diagnose(one.instance, isClosed ? isShut(key, endsAtMs) : goesOn(key, endsAtMs)));
          dueAtMs.push(endsAtMs);
          found.set(key, { service, sinceMs: known?.sinceMs ?? nowMs, router });
        }
        return isBySameSettings ? { instance: one.instance, state: goingOn.state } : one;
      });
      if (found.size === 0) continue;
      for (const [key, one] of found) routers.set(key, before.routers.get(key) ?? one);
      const names = [...found.keys(), "closed:", ...shut].join(" ");
      const known = before.instead.get(service);
      const isSame = known?.own === own && known.routers === names;
      instead.set(service, isSame ? known : { own, routers: names, kept });
    }
    for (const [key, one] of before.routers) {
      if (!routers.has(key) && isStillWrong(key, one, chart)) routers.set(key, one);
    }
  }
  const isNothing = routers.size + instead.size + before.routers.size + before.instead.size === 0;
  return {
    value: instead.size === 0 ? services : replaced(services, instead),
    carry: isNothing ? before : { routers, instead },
    diagnostics,
    dueAtMs,
  };

  function isOver({ sinceMs }: KeptDefinition): boolean {
    return nowMs >= sinceMs + settings.routes.zeroInstanceGraceMs;
  }

  /**
   * As long as the chart has the router and its owner has not defined it rightly again: a service that leaves for a moment, or
   * that is refused for something else meanwhile, begins no new time by coming back with a slip.
   */
  function isStillWrong(key: ResourceKey, { service }: KeptDefinition, published: DynamicConfig): boolean {
    const { section, name } = splitKey(key);
    const isOwners = (last.owners.get(key)?.service ?? service) === service;
    const isRight = services.get(service)?.some((one) => defines(one, key)) === true;
    return published[section].has(name) && isOwners && !isRight;
  }

  function definitionsGoingOn(one: Translated, service: string, own: readonly Translated[]) {
    const part = one.state.kind === "routed" ? one.state : own.some(isRouted) ? undefined : soundPart(settings)(one);
    if (part === undefined || chart === undefined) return undefined;
    const { fragment } = part;
    const config = newConfig(fragment.config);
    if (one.state.kind !== "routed") for (const section of ROUTER_SECTIONS) config[section].clear();
    const goingOn = new Map<ResourceKey, ConfigObject>();
    const closed = new Set<ResourceKey>();
    for (const [key, now] of wrongRouters(one, fragment)) {
      const { section, name } = splitKey(key);
      if (!isRouterSection(section)) continue;
      const known = before.routers.get(key);
      const router = known?.service === service ? known.router : chart[section].get(name);
      if (router === undefined || (last.owners.get(key)?.service ?? service) !== service) continue;
      if (known !== undefined && known.service === service && isOver(known)) continue;
      if (own.some((other) => other !== one && defines(other, key))) continue;
      if (mayGoOn(section, router, now, fragment, chart)) {
        config[section].set(name, router);
      } else {
        const form = closedForm(section, name, router);
        const target = splitKey(form.service);
        config[section].set(name, form.router);
        config[target.section].set(target.name, WITHOUT_SERVERS);
        closed.add(key);
      }
      goingOn.set(key, router);
    }
    return { routers: goingOn, closed, state: { ...part, fragment: { ...fragment, config } } };
  }
}

/** The routers of an instance that are wrong, each with what can be read of it. */
function wrongRouters({ state }: Translated, fragment: Fragment): readonly (readonly [ResourceKey, ConfigObject])[] {
  if (state.kind === "routed") {
    return [...fragment.leftOut].flatMap(([key, { cause, object }]) =>
      isSlip(cause.code) && object !== undefined && isRouterKey(key) ? [[key, object]] : [],
    );
  }
  return ROUTER_SECTIONS.flatMap((section) =>
    Array.from(fragment.config[section], ([name, object]) => [resourceKey(section, name), object] as const),
  );
}

/** The services of which an instance is wrong. */
const wrongAmong = gathering((own: readonly Translated[], service: string) =>
  own.some(isWrong) ? [[service, own] as const] : [],
);

function isWrong({ state }: Translated): boolean {
  return state.kind === "refused" || (state.kind === "routed" && state.fragment.leftOut.size > 0);
}

function isRouted({ state }: Translated): boolean {
  return state.kind === "routed";
}

function defines({ state }: Translated, key: ResourceKey): boolean {
  const { section, name } = splitKey(key);
  return state.kind === "routed" && state.fragment.config[section].has(name);
}

function replaced(services: TranslatedServices, instead: KeptDefinitions["instead"]): TranslatedServices {
  const counting = copyOnWrite(services);
  for (const [service, { kept }] of instead) counting.put(service, kept);
  return counting.result();
}

function isShut(key: ResourceKey, endsAtMs: number) {
  return {
    code: "ROUTER_CLOSED" as const,
    message: `${key} answers 503 until ${new Date(endsAtMs).toISOString()}, and 404 after that, since its new definition is wrong and may have been meant to let fewer visitors in`,
    remedy: "correct what is reported about this instance",
  };
}

function goesOn(key: ResourceKey, endsAtMs: number) {
  return {
    code: "DEFINITION_KEPT" as const,
    message: `${key} goes on as it was last defined, until ${new Date(endsAtMs).toISOString()}: its new definition is wrong`,
    remedy: "correct what is reported about this instance before that time",
  };
}
