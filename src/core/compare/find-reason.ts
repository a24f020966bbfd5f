import { nodeNameOf } from "../catalog/node-name.ts";
import { instanceKey, type ServiceInstance } from "../catalog/snapshot.ts";
import type { Decision } from "../decision.ts";
import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import { canonicalJson } from "../traefik/chart/canonical-json.ts";
import {
  type ConfigObject,
  type ConfigValue,
  configObject,
  isConfigObject,
  isRouterSection,
  type ResourceKey,
  splitKey,
} from "../traefik/chart/dynamic-config.ts";
import { endpointOf, serversOf } from "../traefik/chart/servers.ts";
import { healthCheckOf } from "../traefik/connections/health-check.ts";
import { type Claims, claimsIn, distinct, type Fate } from "./claims.ts";
import type { DifferenceReason } from "./reason.ts";

/** Two passes over one catalog: as portolan decides, and as Traefik's own providers do. */
export interface BothWays {
  readonly portolan: Decision;
  readonly traefik: Decision;
}

/** One thing in three views, each absent where it is not there: in comparable form. */
export interface Views {
  /** In the chart's own names. */
  readonly key: ResourceKey;
  /** As the running Traefik has it. */
  readonly running: ConfigObject | undefined;
  /** As portolan would chart it. */
  readonly charted: ConfigObject | undefined;
  /** As Traefik's own provider would have it by the present settings. */
  readonly expected: ConfigObject | undefined;
}

export type FindReasons = (views: Views) => readonly DifferenceReason[];

/** Finds the reasons of differences in what both passes decided; never in their texts. */
export function reasonsFrom({ portolan, traefik }: BothWays): FindReasons {
  const own = claimsIn(portolan);
  const theirs = claimsIn(traefik);
  const { operatorNames } = portolan.memory.changes;

  /** Why what Traefik has is not charted. */
  function whyAbsent({ key }: Views): DifferenceReason {
    const said = own.leftOut(key);
    if (said !== undefined) return leftOut(said);
    const asking = distinct([...theirs.of(key), ...own.of(key)]);
    const fates = asking.map((instance) => own.fateAt(key, instance));
    const refused = fates.find((fate) => fate.kind === "left-out");
    if (refused !== undefined) return reasonOfFate(refused);
    const { section } = splitKey(key);
    if (fates.some(({ kind }) => kind === "asked") && !isRouterSection(section)) return { kind: "unused" };
    const [fate] = fates;
    return fate === undefined ? { kind: "unknown" } : reasonOfFate(fate);
  }

  /** Why what portolan charts is not in Traefik. */
  function whyAdded({ key }: Views): DifferenceReason {
    const origin = operatorNames.get(key);
    if (origin !== undefined) return { kind: "operator", message: `from ${origin}` };
    const deleted = theirs.leftOut(key);
    if (deleted?.code === "NAME_CONFLICT") return { kind: "deleted-in-traefik", message: deleted.message };
    const asking = own.of(key).filter((instance) => own.translated(instance)?.state.kind === "routed");
    if (asking.length === 0) return { kind: "kept" };
    const found = asking.map((instance) => theirs.translated(instance)?.state);
    const refused = found.find((state) => state?.kind === "refused");
    if (refused?.kind === "refused") {
      const [word] = refused.diagnostics;
      return { kind: "refused-in-traefik", ...(word && { message: word.message }) };
    }
    const unhealthy = found.find((state) => state?.kind === "unhealthy");
    if (unhealthy?.kind === "unhealthy") {
      const { status } = unhealthy.health;
      return {
        kind: "servers",
        message: `to Traefik's provider the health of the instance is ${JSON.stringify(status)}`,
      };
    }
    if (found.some((state) => state === undefined || state.kind === "hidden")) return { kind: "hidden-in-traefik" };
    // Its provider took it from the instance, and has another one in its place.
    if (found.some((state) => state?.kind === "routed")) return { kind: "overwritten-in-traefik" };
    return { kind: "unknown" };
  }

  function whyChanged(views: Views, before: ConfigObject, after: ConfigObject): readonly DifferenceReason[] {
    const reasons: DifferenceReason[] = [...whyServersDiffer(views.key, before, after)];
    const [was, is] = [withoutKnown(before), withoutKnown(after)];
    if (text(healthCheckOf(before)) !== text(healthCheckOf(after))) reasons.push(whyOtherCheck(views.key, after));
    if (text(was) === text(is)) return reasons;
    const said = own.leftOut(views.key);
    if (said !== undefined) return [...reasons, { ...leftOut(said), kind: "other-definition" }];
    const definitions = new Set(own.of(views.key).map((instance) => definitionAt(own, views.key, instance)));
    return [...reasons, { kind: definitions.size > 1 ? "other-definition" : "unknown" }];
  }

  function whyOtherCheck(key: ResourceKey, after: ConfigObject): DifferenceReason {
    const isGone = healthCheckOf(after) === undefined;
    const said = isGone
      ? portolan.diagnostics.find((one) => one.code === "HEALTH_CHECK_REFUSED" && isOf(own, key, one.subject))
      : undefined;
    return said === undefined ? { kind: "health-check" } : leftOut(said);
  }

  /** The first reason among the servers that only one of both has; none where they have the same. */
  function whyServersDiffer(key: ResourceKey, before: ConfigObject, after: ConfigObject): readonly DifferenceReason[] {
    const [was, is] = [serversOf(before), serversOf(after)];
    if (text([...was]) === text([...is])) return [];
    const [urlsBefore, urlsAfter] = [new Set(was.map(endpointOf)), new Set(is.map(endpointOf))];
    for (const url of urlsBefore) {
      if (urlsAfter.has(url)) continue;
      const instance = traefik.memory.changes.origin(key, url);
      if (instance === undefined) return [{ kind: "other-view" }];
      const fate = own.fateAt(key, instance);
      if (fate.kind !== "asked") return [reasonOfFate(fate, instance)];
      return [{ kind: "servers", message: `${url} is ${whose(instance)}` }];
    }
    for (const url of urlsAfter) {
      if (urlsBefore.has(url)) continue;
      const instance = portolan.memory.changes.origin(key, url);
      if (instance === undefined) return [{ kind: "kept", message: `${url} is held` }];
      const found = theirs.translated(instance);
      if (found === undefined) return [{ kind: "hidden-in-traefik", message: `${url} is ${whose(instance)}` }];
      return [{ kind: "servers", message: `${url} is ${whose(instance)}` }];
    }
    return [{ kind: "own-tags" }];
  }

  return (views) => {
    const { running, charted, expected } = views;
    const isExpected = text(running) === text(expected);
    const isOwnView = text(charted) === text(expected);
    // Nothing that portolan decided makes the difference: Traefik's provider saw something else.
    if (!isExpected && isOwnView) return [{ kind: "other-view" }];
    const reasons =
      running === undefined
        ? [whyAdded(views)]
        : charted === undefined
          ? [whyAbsent(views)]
          : whyChanged(views, running, charted);
    return isExpected
      ? reasons
      : reasons.map((reason): DifferenceReason => (reason.kind === "unknown" ? { kind: "other-view" } : reason));
  };
}

function leftOut({ code, message, remedy }: Pick<Diagnostic, "code" | "message" | "remedy">): DifferenceReason {
  return { kind: "left-out", code, message, remedy };
}

function reasonOfFate(fate: Fate, instance?: ServiceInstance): DifferenceReason {
  const about = instance === undefined ? "" : ` ${whose(instance)}`;
  switch (fate.kind) {
    case "left-out":
      return leftOut(fate);
    case "unhealthy":
      return {
        kind: "servers",
        message: `the instance${about} gets no traffic: its health is ${JSON.stringify(fate.status)}`,
      };
    case "standby":
      return { kind: "servers", message: `the instance${about} is on standby` };
    case "waiting":
      return { kind: "servers", message: `what is new of the instance${about} waits, since its service flaps` };
    case "asked":
      return { kind: "unknown" };
    case "hidden":
      return { kind: "other-view", message: `to portolan the instance${about} asks for no route` };
  }
}

function whose(instance: ServiceInstance): string {
  return `of service ${JSON.stringify(instance.service)} on ${nodeNameOf(instance)}`;
}

function isOf(
  claims: Claims,
  key: ResourceKey,
  { service, instance, node }: { service: string; instance: string; node: string },
) {
  return claims.of(key).some((one) => one.service === service && one.id === instance && nodeNameOf(one) === node);
}

function definitionAt(claims: Claims, key: ResourceKey, instance: ServiceInstance): string {
  const state = claims.translated(instance)?.state;
  const { section, name } = splitKey(key);
  const object = state !== undefined && "fragment" in state ? state.fragment?.config[section].get(name) : undefined;
  return object === undefined ? instanceKey(instance) : text(withoutKnown(object));
}

function text(value: ConfigValue | undefined): string {
  return value === undefined ? "" : canonicalJson(value);
}

/** Without what has reasons of its own: the servers and the health check. */
function withoutKnown(object: ConfigObject): ConfigObject {
  const balancer = object["loadBalancer"];
  if (!isConfigObject(balancer)) return object;
  const rest = Object.entries(balancer).filter(([field]) => field !== "servers" && field !== "healthCheck");
  return configObject([...Object.entries(object), ["loadBalancer", configObject(rest)]]);
}
