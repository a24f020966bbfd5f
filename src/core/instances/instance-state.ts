import type { Health, Weakness } from "../catalog/health.ts";
import { instanceKey, type ServiceInstance, serviceKey } from "../catalog/snapshot.ts";
import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import { memoize } from "../incremental/memoize.ts";
import type { Fragment } from "../translate/draft.ts";

/** What became of one instance. */
export type InstanceState =
  /** Its tags ask for routes and it may have them. */
  | {
      readonly kind: "routed";
      readonly fragment: Fragment;
      readonly diagnostics: readonly Diagnostic[];
      /** It is marked as a canary: nothing of it supersedes what a stable instance of its service defines. */
      readonly isCanary?: true;
      /** It gets traffic only while no active instance of its service does. */
      readonly isStandby?: true;
      /** It serves although this is its health, because no instance of its service is any better. */
      readonly despite?: Health;
    }
  /** It does not ask for routes; a diagnostic says so where its tags look as if it meant to. */
  | { readonly kind: "hidden"; readonly why: WhyHidden; readonly diagnostics?: readonly Diagnostic[] }
  /**
   * It asks for routes and gets no traffic at the moment. What it asks for counts as far as others borrow it: a middleware
   * needs no healthy instance. No fragment where its tags could not be read, or nothing of it is permitted.
   */
  | {
      readonly kind: "unhealthy";
      readonly health: Health;
      readonly diagnostics?: readonly Diagnostic[];
      readonly fragment?: Fragment;
      readonly isCanary?: true;
    }
  /** It might serve, and gets no traffic as long as those do whose turn is before its own. It lends what an unhealthy one does. */
  | {
      readonly kind: "standby";
      readonly behind: StandbyBehind;
      readonly fragment: Fragment;
      readonly diagnostics: readonly Diagnostic[];
      readonly isCanary?: true;
    }
  /** Quarantined: something about it is wrong, and its neighbours must not pay for it. */
  | {
      readonly kind: "refused";
      readonly diagnostics: readonly Diagnostic[];
      /** What was wrong with each part of it, where that is known. */
      readonly leftOut?: Fragment["leftOut"];
    };

/**
 * Why an instance asks for no routes: `unset`: no tag says that it does, `off`: a tag says that it does not, `constraints`:
 * `traefik.constraints` does not admit its tags. `connect`: with `compat: traefik`, which leaves Consul Connect to Traefik.
 */
export type WhyHidden = "unset" | "off" | "constraints" | "connect";

/**
 * Whose turn it is while an instance is on standby: that of the active ones, that of an earlier catalog, by its name, or that
 * of those that are sounder than it, by what is weak about it.
 */
export type StandbyBehind =
  | { readonly kind: "active" }
  | { readonly kind: "catalog"; readonly name: string }
  | { readonly kind: "sounder"; readonly weakness: Weakness };

/** One instance and its state. */
export interface Translated {
  readonly instance: ServiceInstance;
  readonly state: InstanceState;
}

/** What an instance asked for and does not get, by its own tags, with the cause of each; none where its tags were not read. */
export function leftOutIn(state: InstanceState): Fragment["leftOut"] | undefined {
  if ("fragment" in state) return state.fragment?.leftOut;
  return state.kind === "refused" ? state.leftOut : undefined;
}

/** How the state of an instance explains that its servers, or its routers, came or went. */
export type StateReason =
  | { readonly kind: "healthy-again" }
  /** It serves although it is unhealthy: no instance of its service is healthy. */
  | { readonly kind: "served-unhealthy" }
  | { readonly kind: "hidden" }
  /** Others serve whose turn is before its own. */
  | { readonly kind: "standby"; readonly behind: StandbyBehind }
  /** An empty status is one that Consul does not know; `check` names the check that decided, where one did. */
  | { readonly kind: "unhealthy"; readonly status: string; readonly check?: string }
  | { readonly kind: "quarantined"; readonly code: string };

export function reasonOfState(state: InstanceState): StateReason {
  switch (state.kind) {
    case "routed":
      return { kind: state.despite === undefined ? "healthy-again" : "served-unhealthy" };
    case "hidden":
      return { kind: "hidden" };
    case "standby":
      return { kind: "standby", behind: state.behind };
    case "unhealthy": {
      const { status, because } = state.health;
      return { kind: "unhealthy", status, ...(because && { check: because.name || because.id }) };
    }
    case "refused":
      return { kind: "quarantined", code: state.diagnostics[0]?.code ?? "refused" };
  }
}

/** All instances that are in the catalog, by service key. */
export type TranslatedServices = ReadonlyMap<string, readonly Translated[]>;

export function groupByService(translated: readonly Translated[]): TranslatedServices {
  const services = new Map<string, Translated[]>();
  for (const one of translated) {
    const key = serviceKey(one.instance);
    const own = services.get(key);
    if (own === undefined) services.set(key, [one]);
    else own.push(one);
  }
  return services;
}

/** An instance as it is in the catalog now, with its state, found by its key; undefined if it is not there. */
export function translatedAt(services: TranslatedServices, instance: ServiceInstance): Translated | undefined {
  const key = instanceKey(instance);
  const own = services.get(serviceKey(instance)) ?? [];
  return own.length > FEW ? byKey(own).get(key) : own.find((one) => instanceKey(one.instance) === key);
}

/** So few instances are searched one by one; among fifty thousand, each looked for, that took minutes. */
const FEW = 32;

const byKey = memoize(
  (own: readonly Translated[]) => new Map(own.map((one) => [instanceKey(one.instance), one] as const)),
);

const BEST_FIRST: readonly InstanceState["kind"][] = ["routed", "standby", "unhealthy", "refused", "hidden"];

/** The best state among a service's instances, by service key; undefined if it has none. */
export function bestState(services: TranslatedServices, service: string): InstanceState | undefined {
  let best: InstanceState | undefined;
  for (const { state } of services.get(service) ?? []) {
    if (best === undefined || BEST_FIRST.indexOf(state.kind) < BEST_FIRST.indexOf(best.kind)) best = state;
  }
  return best;
}
