import { instanceKey } from "../catalog/snapshot.ts";
import { beside, middlewaresOf } from "../changes/touched-routers.ts";
import { toldOfName } from "../diagnostics/told-of-name.ts";
import { leftOutIn, type Translated } from "../instances/instance-state.ts";
import { splitCanaries } from "../traefik/chart/canary-split.ts";
import {
  type ConfigObject,
  newConfig,
  protocolOf,
  type ResourceKey,
  type RouterSection,
  resourceKey,
  SECTIONS,
  type Section,
  splitKey,
} from "../traefik/chart/dynamic-config.ts";
import { chartLine } from "../traefik/chart/render.ts";
import { endpointOf, serversOf } from "../traefik/chart/servers.ts";
import { maskSecrets } from "../traefik/mask-secrets.ts";
import { maskRule } from "../traefik/rule/mask-rule.ts";
import { reachOfRouter } from "../traefik/rule-reach/reach.ts";
import { withoutCredentials } from "../traefik/url-credentials.ts";
import type { ExplainedRouter, ExplainedServer, Reason } from "./answer.ts";
import type { Decided } from "./decided.ts";
import { rivalsOf } from "./rivals.ts";
import { type FoundState, stateInChart } from "./router-state.ts";
import { type TraefikWord, traefikWord } from "./traefik-word.ts";
import { distinct, reasonOf, reasonOfFinding } from "./way/reason.ts";
import { byStage } from "./way/stages.ts";

/** A router to be explained. */
export interface AskedRouter {
  readonly key: ResourceKey;
  /** The service that asks for it, by its key; undefined for the service that has it, whichever it is. */
  readonly service?: string;
  /** As it is asked for, where it could be read. */
  readonly object?: ConfigObject | undefined;
  /** Why the service does not get it, as far as its own instances tell. */
  readonly reasons?: readonly Reason[];
}

/** A router, whether it is in the chart and as whose, where it leads, and why not. */
export function explainRouter({ key, service, object, reasons = [] }: AskedRouter, decided: Decided): ExplainedRouter {
  const { decision } = decided;
  const { section: sectionOfKey, name } = splitKey(key);
  const section = sectionOfKey as RouterSection;
  const owner = ownerOf(key, decided);
  const charted = isOwners(key, service, owner, decided) ? decision.chart[section].get(name) : undefined;
  const router = charted ?? object;
  const servers = charted === undefined ? [] : serversBehind(section, charted, decided);
  const reach = router === undefined ? undefined : reachOfRouter(section, router);
  const told = toldOfName(key, service, decision.diagnostics).map(reasonOf);
  const lines = charted === undefined ? [] : linesOf(section, name, charted, decided);
  const traefik = traefikWordOf(key, charted, lines, decided);
  const shadowed = charted === undefined ? [] : shadowReasons(key, decided);
  const isIdle = told.length + reasons.length === 0;
  const leftOut: FoundState = {
    state: "left-out",
    ...(isIdle ? { because: "no instance that asks for it gets traffic" } : {}),
  };
  const { reason: held, ...state } = charted === undefined ? leftOut : stateInChart(key, servers.length, decided);
  return {
    name,
    protocol: protocolOf(section),
    rule: maskRule(String(router?.["rule"] ?? "")),
    priority: reach?.priority ?? 0,
    entryPoints: reach?.entryPoints ?? [],
    hasTls: router?.["tls"] !== undefined,
    owner: charted === undefined ? (service ?? owner ?? "") : (owner ?? service ?? ""),
    ...state,
    servers: servers.map(explainedServer),
    lines: lines.map(({ key: { section: own }, line }) => ({ section: own, line })),
    reasons: distinct([
      ...(charted === undefined ? [...told, ...reasons] : []),
      ...shadowed,
      ...(held === undefined ? [] : [held]),
      ...(traefik.reason === undefined ? [] : [traefik.reason]),
    ]).toSorted(byStage),
    rivals: rivalsOf(key, service ?? owner, decided),
    traefik: traefik.says,
    isServedByTraefik: traefik.isServed,
  };
}

/** Whose a name is: a service, by its key, or the operator's file. */
export function ownerOf(key: ResourceKey, { decision: { memory } }: Decided): string | undefined {
  return memory.changes.operatorNames.get(key) ?? memory.owners.get(key)?.service;
}

/** Is what the chart has by this name the service's own, or one that it shares? */
function isOwners(
  key: ResourceKey,
  service: string | undefined,
  owner: string | undefined,
  { decision: { memory } }: Decided,
): boolean {
  if (service === undefined || owner === undefined || owner === service) return true;
  return memory.merge?.contested.get(key)?.sharing.some((one) => one.service === service) === true;
}

function shadowReasons(key: ResourceKey, { decision }: Decided): readonly Reason[] {
  const shadowed = [...decision.memory.hosts.shadowed.keys()].find((claimant) => claimant.key === key);
  if (shadowed === undefined) return [];
  const told = decision.diagnostics.filter(
    ({ code, message }) => code === "HOST_SHADOWED" && message.startsWith(`${key} `),
  );
  return told.slice(0, 1).map(reasonOf);
}

/** The servers that a router of the chart leads to, each with its instance where that is known. */
function serversBehind(section: Section, router: ConfigObject, { decision }: Decided) {
  const services = beside(section, "services");
  const name = String(router["service"] ?? "");
  const service = decision.chart[services].get(name);
  if (service === undefined) return [];
  return serversOf(service).map((server) => {
    const endpoint = endpointOf(server);
    return { endpoint, instance: decision.memory.changes.origin(resourceKey(services, name), endpoint) };
  });
}

/** The instances, by their keys, that a router of the chart leads to. */
export function instancesBehind(key: ResourceKey, decided: Decided): ReadonlySet<string> {
  const { section, name } = splitKey(key);
  const router = decided.decision.chart[section].get(name);
  const servers = router === undefined ? [] : serversBehind(section, router, decided);
  return new Set(servers.flatMap(({ instance }) => (instance === undefined ? [] : [instanceKey(instance)])));
}

function explainedServer({ endpoint, instance }: ReturnType<typeof serversBehind>[number]): ExplainedServer {
  return {
    server: withoutCredentials(endpoint),
    ...(instance === undefined ? {} : { id: instance.id, node: instance.node }),
  };
}

/** One line of the chart, and what it defines. */
interface ChartLine {
  readonly key: { readonly section: Section; readonly name: string };
  readonly object: ConfigObject;
  readonly line: string;
}

function traefikWordOf(
  key: ResourceKey,
  charted: ConfigObject | undefined,
  lines: readonly ChartLine[],
  decided: Decided,
): TraefikWord {
  if (charted === undefined) return { says: "", isServed: false };
  const parts = lines.map(({ key: { section, name }, object }) => ({ key: resourceKey(section, name), object }));
  return traefikWord([{ key, object: charted }, ...parts.filter((part) => part.key !== key)], decided);
}

/** The router's lines as in the file, with those of its service and middlewares; secrets are masked. */
function linesOf(
  section: RouterSection,
  name: string,
  router: ConfigObject,
  { decision: { chart } }: Decided,
): readonly ChartLine[] {
  const config = newConfig();
  config[section].set(name, router);
  const services = beside(section, "services");
  const service = String(router["service"] ?? "");
  const target = chart[services].get(service);
  if (target !== undefined) config[services].set(service, target);
  if (section !== "udp/routers") {
    const middlewares = beside(section, "middlewares");
    for (const one of middlewaresOf(router)) {
      const middleware = chart[middlewares].get(one);
      if (middleware !== undefined) config[middlewares].set(one, middleware);
    }
  }
  const split = splitCanaries(config);
  return SECTIONS.flatMap((own) =>
    Array.from(split[own], ([one, object]) => ({
      ...{ key: { section: own, name: one }, object },
      line: chartLine(one, maskSecrets(own, object)).trim(),
    })),
  );
}

/** Why the instances of a service do not get a router, by what was wrong with it in their tags. */
export function partReasons(key: ResourceKey, own: readonly Translated[]): readonly Reason[] {
  return own.flatMap(({ state }) => {
    const cause = leftOutIn(state)?.get(key)?.cause;
    return cause === undefined ? [] : [reasonOfFinding(cause)];
  });
}
