import { instanceKey } from "../catalog/snapshot.ts";
import { isNamedBy } from "../catalog-addresses/usable-instances.ts";
import type { ResourceKey } from "../traefik/chart/dynamic-config.ts";
import { isRouterSection, splitKey } from "../traefik/chart/dynamic-config.ts";
import type { ExplainedInstance, ExplainedRouter, Reason, ServiceAnswer, Verdict, VerdictState } from "./answer.ts";
import { routersAskedFor } from "./asked-routers.ts";
import type { Decided } from "./decided.ts";
import { explainInstance } from "./instance-answer.ts";
import { type KnownInstance, type KnownService, knownService } from "./known-services.ts";
import { explainRouter, instancesBehind, partReasons } from "./router-answer.ts";
import { toldOf } from "./told.ts";
import { traefikDiagnostics } from "./traefik-word.ts";
import { agoText } from "./way/ago.ts";
import { distinct, isBlocking, reasonOf } from "./way/reason.ts";
import { byStage } from "./way/stages.ts";

/**
 * A service, by its key: its instances with their ways, its routers, what became of them, and the first reason why not.
 *
 * @param isMeant which of its instances the question is about; all where it is left out
 */
export function explainService(
  key: string,
  decided: Decided,
  isMeant: (instance: KnownInstance) => boolean = () => true,
): ServiceAnswer {
  const service = exploredService(key, decided);
  const { instances, routers } = service;
  const { reason, reasons, verdict, explained } = judge(service, instances.filter(isMeant), decided);
  const warnings = instances
    .flatMap(({ instance }) => [
      ...toldOf(instance, decided.decision.diagnostics),
      ...toldOf(instance, traefikDiagnostics(decided)),
    ])
    .filter((one) => !isBlocking(one) && !(one.code === "SERVICE_FLAPPING" && isWaiting(reasons)))
    .map(reasonOf);
  const besides = distinct([...reasons, ...warnings, ...namedByFiles(instances, decided)]).filter(
    (one) => one.code !== reason?.code || one.message !== reason.message,
  );
  return {
    kind: "service",
    service: key,
    verdict,
    ...(reason === undefined ? {} : { reason }),
    besides,
    instances: explained,
    routers,
  };
}

/** What it came to with single instances of a service, each as if it were asked about alone, by their keys. */
export function judgeInstances(
  key: string,
  wanted: ReadonlySet<string>,
  decided: Decided,
): ReadonlyMap<string, Pick<ServiceAnswer, "verdict" | "reason">> {
  const service = exploredService(key, decided);
  return new Map(
    service.instances.flatMap((one) => {
      const own = instanceKey(one.instance);
      return wanted.has(own) ? [[own, judge(service, [one], decided)] as const] : [];
    }),
  );
}

/** What every answer about a service stands on: it costs as much as the service has instances. */
interface ExploredService extends KnownService {
  readonly routers: readonly ExplainedRouter[];
  /** The keys of the instances that a router in the chart leads to. */
  readonly serving: ReadonlySet<string>;
}

function exploredService(key: string, decided: Decided): ExploredService {
  const { instances } = knownService(key, decided);
  const own = instances.flatMap(({ translated }) => (translated === undefined ? [] : [translated]));
  const asked = routersAskedFor(own);
  const keys = new Set<ResourceKey>([...asked.keys(), ...ownedRouters(key, decided)]);
  const routers = [...keys]
    .toSorted()
    .map((router) =>
      explainRouter(
        { key: router, service: key, object: asked.get(router), reasons: partReasons(router, own) },
        decided,
      ),
    );
  const serving = new Set([...keys].flatMap((router) => [...instancesBehind(router, decided)]));
  return { key, instances, routers, serving };
}

/** What it came to with some instances of a service, and why: the first reason, and all of them. */
function judge(
  { key, instances, routers, serving }: ExploredService,
  meant: readonly KnownInstance[],
  decided: Decided,
) {
  const explained = meant.map((one) => explainInstance(one, routers, serving, decided));
  const reasons = [...absenceOf(instances, decided), ...reasonsFor(explained, routers)];
  const state = stateOf(explained, routers);
  const [reason] = state === "routed" ? [] : reasons.length === 0 ? [unreported(decided)] : reasons;
  return {
    ...(reason === undefined ? {} : { reason }),
    ...{ reasons, explained, verdict: verdictOf(key, state, explained, routers, decided) },
  };
}

/** What asks it by a file of the operator's, which needs none of its tags. */
function namedByFiles(instances: readonly KnownInstance[], { decision, settings }: Decided): readonly Reason[] {
  const { resolved = [], origins } = decision.memory.changes.operatorConfig;
  return resolved
    .filter((one) => instances.some(({ instance }) => isNamedBy(one, instance, settings)))
    .map(({ key, text, texts }) => ({
      ...{ stage: "chart", code: "NAMED_BY_FILE" },
      message: `${key} in ${origins.get(key)} names it (${text}), and asks ${texts.length === 0 ? "no instance" : texts.join(", ")} at present`,
      remedy: "nothing: the address follows the catalog, and no tag is needed for that",
    }));
}

/** What waits has been told with the time that it waits for. */
function isWaiting(reasons: readonly Reason[]): boolean {
  return reasons.some(({ code }) => code === "SERVICE_FLAPPING");
}

/** Nothing is wrong with it: the news wait for an operator, or its tags lead to no router. */
function unreported({ settings: { traefik }, rolledBackTo }: Decided): Reason {
  if (rolledBackTo !== undefined) {
    return {
      ...{ stage: "chart", code: "ROLLED_BACK" },
      message: `an operator has published version ${rolledBackTo} of the chart again, and what is new waits`,
      remedy: "what ends the rollback: portolan release",
    };
  }
  return {
    ...{ stage: "tags", code: "NO_ROUTER" },
    message: "its tags define no router, and of several services none gets a router by itself",
    remedy: `add a tag ${traefik.prefix}.http.routers.NAME.rule=Host(\`…\`), and ${traefik.prefix}.http.routers.NAME.service with the service that it leads to`,
  };
}

/** A service that no catalog shows: its routers are in the chart all the same. */
function absenceOf(instances: readonly KnownInstance[], { snapshots, nowMs }: Decided): readonly Reason[] {
  if (instances.length > 0) return [];
  const read = snapshots.map(({ readAtMs }) => readAtMs);
  const message = `no instance of it is in the catalog, which was read ${agoText(nowMs - Math.max(0, ...read))}`;
  return [
    { ...{ stage: "catalog", code: "NO_INSTANCE" }, message, remedy: "register it again, if it is meant to be there" },
  ];
}

/** The routers whose names are the service's, whether or not an instance asks for them now. */
function ownedRouters(service: string, { decision: { memory, chart } }: Decided): readonly ResourceKey[] {
  const owned: ResourceKey[] = [];
  for (const [key, owner] of memory.owners) {
    if (owner.service !== service) continue;
    const { section, name } = splitKey(key);
    if (isRouterSection(section) && chart[section].has(name)) owned.push(key);
  }
  return owned;
}

/**
 * All reasons, the first first: those of the instance that came furthest come before those of the others, and within one the
 * order is that of the pass.
 */
function reasonsFor(instances: readonly ExplainedInstance[], routers: readonly ExplainedRouter[]): readonly Reason[] {
  const ofRouters = routers.flatMap(({ reasons }) => reasons);
  const ways = instances.map(({ reasons }) => reasons).toSorted(byProgress);
  const all = distinct([...ways.flat(), ...ofRouters.toSorted(byStage)]);
  if (!instances.some(({ isServing }) => isServing)) return all;
  return [...all.filter((reason) => !isMeantSo(reason)), ...all.filter(isMeantSo)];
}

/** Who does not ask for routes, or waits for its turn, is no trouble while others of its service serve. */
function isMeantSo({ code }: Reason): boolean {
  return ["STANDBY", "DISABLED", "NOT_ENABLED", "SERVICE_NOT_ENABLED"].includes(code);
}

function byProgress([one]: readonly Reason[], [other]: readonly Reason[]): number {
  if (one === undefined || other === undefined) return Number(other === undefined) - Number(one === undefined);
  return byStage(other, one);
}

function stateOf(instances: readonly ExplainedInstance[], routers: readonly ExplainedRouter[]): VerdictState {
  const charted = routers.filter(({ state }) => state !== "left-out");
  if (charted.length === 0) return "not-routed";
  if (charted.every(({ isServedByTraefik }) => !isServedByTraefik)) return "refused-by-traefik";
  if (charted.every(({ servers }) => servers.length === 0)) return "answers-503";
  if (charted.every(({ state }) => state === "held" || state === "kept")) return "kept";
  const isWhole =
    charted.length === routers.length &&
    charted.every(({ state, reasons: own }) => state === "live" && own.every(({ stage }) => stage !== "traefik")) &&
    instances.every(({ reasons }) => reasons.every(isMeantSo));
  return isWhole ? "routed" : "partly";
}

function verdictOf(
  service: string,
  state: VerdictState,
  instances: readonly ExplainedInstance[],
  routers: readonly ExplainedRouter[],
  { rolledBackTo }: Decided,
): Verdict {
  const charted = routers.filter((router) => router.state !== "left-out").length;
  const serving = instances.filter(({ isServing }) => isServing).length;
  const ofInstances = `${serving} of ${instances.length} ${instances.length === 1 ? "instance" : "instances"} serve${serving === 1 ? "s" : ""}`;
  const ofRouters = `${charted} of ${routers.length} ${routers.length === 1 ? "router" : "routers"}`;
  const name = `service ${service}`;
  const rollback =
    rolledBackTo === undefined
      ? ""
      : `; the chart is version ${rolledBackTo} since a rollback, and news wait for portolan release`;
  const says: Readonly<Record<VerdictState, string>> = {
    routed: `${name} is routed: ${ofRouters}, ${ofInstances}`,
    partly: `${name} is routed in part: ${ofRouters}, ${ofInstances}`,
    kept: `${name} is routed as it was, not as it is`,
    "answers-503": `${name} answers 503: it has a router, and no server behind it`,
    "refused-by-traefik": `${name} is in the chart, and Traefik does not serve it`,
    "not-routed": `${name} is not routed`,
    unknown: `${name} is not known`,
  };
  return { state, says: `${says[state]}${rollback}` };
}
