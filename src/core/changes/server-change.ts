import { addressKey } from "../catalog/address-key.ts";
import { weaknessOf } from "../catalog/health.ts";
import { type InstanceLabel, instanceLabel } from "../catalog/instance-label.ts";
import { instanceKey, type ServiceInstance, serviceKey } from "../catalog/snapshot.ts";
import type { DiagnosticCode } from "../diagnostics/diagnostics.ts";
import { reasonOfState, type StandbyBehind, type StateReason } from "../instances/instance-state.ts";
import type { ResourceKey } from "../traefik/chart/dynamic-config.ts";
import type { Explanation } from "./explanation.ts";
import { whyLeftOut } from "./left-out-routers.ts";
import { serviceTagsChanged, type TagsChanged, type TookOver, tagsChanged } from "./tags-changed.ts";
import { type Whereabouts, whereabouts } from "./whereabouts.ts";

/** Why a router went although its service asks for routes, and its servers with it. */
export type RouterGone =
  /** This router takes the same requests now, or has taken the place of an owner that is absent. */
  | { readonly kind: "replaced"; readonly by: string }
  /** Its service asks for routes, and none of its instances for this router. */
  | { readonly kind: "not-asked-for" }
  /** Its service asks for it and does not get it; the diagnostic that says why, where there is one. */
  | { readonly kind: "left-out"; readonly code?: string };

/** Why a server came or went. */
export type ServerReason =
  | StateReason
  | RouterGone
  | TagsChanged
  /** Another instance's definition of the service counts now. */
  | TookOver
  | { readonly kind: "registered" }
  /** It is in the catalog, of which not all was known before: at the start, and after it was blind. */
  | { readonly kind: "found" }
  | { readonly kind: "deregistered" }
  /** The catalog does not show it, and there is a reason to think that it does not show everything. */
  | { readonly kind: "not-shown" }
  /** It counts for the first time since it turned up in the catalog unhealthy. */
  | { readonly kind: "healthy" }
  /** It was on standby, and none of those is routed whose turn is before its own. */
  | { readonly kind: "standing-in"; readonly for: StandbyBehind }
  /** What is new of its service waits, since the service flaps … */
  | { readonly kind: "waiting" }
  /** … and does so no longer. */
  | { readonly kind: "waited" }
  /** A server of a chart that was found at the start: the instance behind it is not known. */
  | { readonly kind: "gone-from-catalog" }
  /** The same instance at another address or port. */
  | { readonly kind: "moved" }
  /** The definition of a service in another catalog counts now. */
  | { readonly kind: "gave-way" }
  /** What a diagnostic said of its router, or of the instance, is no longer so. */
  | { readonly kind: "settled"; readonly code: string }
  /** Its service is defined otherwise, by none of these. */
  | { readonly kind: "redefined" }
  /** Other settings count, its policy and ledger among them. */
  | { readonly kind: "settings-changed" }
  /** The server is held, and this service has registered its address and port since. */
  | { readonly kind: "port-reused"; readonly service: string };

/** One backend that came or went, and why. */
export interface ServerChange {
  /** An HTTP server's URL, a TCP or UDP server's address. */
  readonly url: string;
  readonly why: ServerReason;
  /** The instance behind it; unknown for a server of a chart that was found at the start. */
  readonly instance?: InstanceLabel;
  /** The share of the router's requests, in percent, that the server has with all other canaries of its service. */
  readonly canaryPercent?: number;
}

/** The instances behind the servers of a router, by their keys. */
export type InstancesBehind = ReadonlyMap<string, ServiceInstance>;

/** What a server's change is explained by. */
export interface ServerContext {
  readonly before: Explanation;
  readonly after: Explanation;
  /** The router whose server it is. */
  readonly router: ResourceKey;
  /** The instances behind the router's servers in the last chart, and in the new one. */
  readonly behindBefore: InstancesBehind;
  readonly behindAfter: InstancesBehind;
  /** Server of a held service, by its URL or address → the service that has its port now. */
  readonly reused: ReadonlyMap<string, string> | undefined;
}

export function serverAdded(url: string, instance: ServiceInstance | undefined, context: ServerContext): ServerChange {
  const why: ServerReason = instance === undefined ? { kind: "found" } : whyAdded(instance, context);
  return { url, why, ...instanceLabel(instance) };
}

function whyAdded(instance: ServiceInstance, context: ServerContext): ServerReason {
  const { before, after, behindBefore } = context;
  const was = whereabouts(before, instance, after.snapshots);
  switch (was.kind) {
    case "absent":
      return { kind: "registered" };
    case "unseen":
      return { kind: "found" };
    case "uncharted":
      return { kind: "settings-changed" };
    case "uncounted":
      return tagsChanged(was.instance, instance) ?? (isCompat(before) ? { kind: "redefined" } : { kind: "waited" });
    case "translated":
      break;
  }
  const { state } = was;
  switch (state.kind) {
    case "unhealthy":
      return whyHealthy(instance, context);
    case "standby":
      // What was weak and is no more has not been taken for want of others.
      if (state.behind.kind === "sounder" && weaknessOf(instance) === undefined) return whyHealthy(instance, context);
      return tagsChanged(was.instance, instance) ?? settingsOr({ kind: "standing-in", for: state.behind }, context);
    case "hidden":
      return tagsChanged(was.instance, instance) ?? settingsOr({ kind: "found" }, context);
    case "refused": {
      const code: DiagnosticCode | undefined = state.diagnostics[0]?.code;
      const settled = code === undefined ? { kind: "found" as const } : { kind: "settled" as const, code };
      return tagsChanged(was.instance, instance) ?? settled;
    }
    case "routed":
      return behindBefore.has(instanceKey(instance))
        ? placeChanged(was.instance, instance, context)
        : whyRoutedNow(was.instance, instance, context);
  }
}

function whyHealthy(instance: ServiceInstance, { before, after }: ServerContext): ServerReason {
  const now = whereabouts(after, instance, before.snapshots);
  const reason = now.kind === "translated" ? reasonOfState(now.state) : undefined;
  if (reason?.kind === "served-unhealthy") return reason;
  return { kind: before.fallen.has(instanceKey(instance)) ? "healthy-again" : "healthy" };
}

/** The instance was behind the router and is, with another server. */
function placeChanged(was: ServiceInstance, now: ServiceInstance, context: ServerContext): ServerReason {
  if (addressKey(was) !== addressKey(now)) return { kind: "moved" };
  return tagsChanged(was, now) ?? settingsOr({ kind: "redefined" }, context);
}

/** The instance was served, or asked to be, but not by this router. */
function whyRoutedNow(was: ServiceInstance, now: ServiceInstance, context: ServerContext): ServerReason {
  const tags = tagsChanged(was, now);
  if (tags !== undefined) return tags;
  const { before, after, router } = context;
  const service = serviceKey(now);
  const code = whyLeftOut(before, router, service);
  if (code !== undefined) return { kind: "settled", code };
  return serviceTagsChanged(before, after, service) ?? settingsOr({ kind: "redefined" }, context);
}

export function serverRemoved(
  url: string,
  instance: ServiceInstance | undefined,
  context: ServerContext,
): ServerChange {
  return { url, why: whyRemoved(url, instance, context), ...instanceLabel(instance) };
}

function whyRemoved(url: string, instance: ServiceInstance | undefined, context: ServerContext): ServerReason {
  const service = context.reused?.get(url);
  if (service !== undefined) return { kind: "port-reused", service };
  if (instance === undefined) return leftOut(undefined, context) ?? { kind: "gone-from-catalog" };
  const now = whereabouts(context.after, instance, context.before.snapshots);
  if (now.kind === "uncounted" && isCompat(context.after)) return { kind: "hidden" };
  if (now.kind !== "translated") return reasonOfAbsence(now);
  if (now.state.kind !== "routed") return reasonOfState(now.state);
  if (context.behindAfter.has(instanceKey(instance))) return placeChanged(instance, now.instance, context);
  return tagsChanged(instance, now.instance) ?? leftOut(instance, context) ?? whyNotBehind(now.instance, context);
}

/** The router has no server any more, since it lacks something. */
function leftOut(instance: ServiceInstance | undefined, context: ServerContext): ServerReason | undefined {
  const { after, router, behindAfter } = context;
  const code = behindAfter.size > 0 ? undefined : whyLeftOut(after, router, instance && serviceKey(instance));
  return code === undefined ? undefined : { kind: "left-out", code };
}

/** The instance asks for routes and may have them, but is no longer behind this router. */
function whyNotBehind(instance: ServiceInstance, context: ServerContext): ServerReason {
  const { before, after, behindAfter } = context;
  const behind = [...behindAfter.values()];
  if (behind.length > 0 && behind.every(({ catalogName }) => catalogName !== instance.catalogName)) {
    return { kind: "gave-way" };
  }
  const tags = serviceTagsChanged(before, after, serviceKey(instance));
  return tags ?? settingsOr({ kind: "redefined" }, context);
}

/** Why nothing of an instance, or of a service, counts that the translation does not know. */
export function reasonOfAbsence({ kind }: Exclude<Whereabouts, { readonly kind: "translated" }>): ServerReason {
  return ABSENCES[kind];
}

const ABSENCES = {
  absent: { kind: "deregistered" },
  unseen: { kind: "not-shown" },
  uncharted: { kind: "settings-changed" },
  uncounted: { kind: "waiting" },
} as const satisfies Readonly<Record<Exclude<Whereabouts["kind"], "translated">, ServerReason>>;

/** Nothing waits then: what does not count is what Traefik's own provider would not look at. */
function isCompat({ settings }: Explanation): boolean {
  return settings?.compat === "traefik";
}

function settingsOr(reason: ServerReason, { before, after }: ServerContext): ServerReason {
  return before.settings !== undefined && before.settings !== after.settings ? { kind: "settings-changed" } : reason;
}
