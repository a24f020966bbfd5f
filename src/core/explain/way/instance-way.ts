import { toldHealthOf } from "../../catalog/health.ts";
import { PRODUCT_NAMES, PRODUCT_RULES } from "../../catalog/product-rules.ts";
import { type CatalogSnapshot, isHidden, type ServiceInstance, serviceKey } from "../../catalog/snapshot.ts";
import type { Translated } from "../../instances/instance-state.ts";
import { ruleFor } from "../../policy/policy.ts";
import { whereabouts } from "../../ports/ledger/whereabouts.ts";
import { formatRange } from "../../ports/port-range.ts";
import { judgePort } from "../../ports/port-window.ts";
import type { CoreSettings } from "../../settings.ts";
import type { ExplainedRouter, Reason, Step } from "../answer.ts";
import type { ReadCatalog } from "../decided.ts";
import { agoText } from "./ago.ts";
import type { Stage } from "./stages.ts";
import { byStage } from "./stages.ts";

/** What the way of one instance is told from. */
export interface WayInput {
  /** As the pass counted it; undefined where it waits, so that nothing of it has been looked at. */
  readonly translated: Translated | undefined;
  /** As the catalog shows it. */
  readonly instance: ServiceInstance;
  readonly snapshot: CatalogSnapshot | undefined;
  readonly catalog: ReadCatalog | undefined;
  readonly settings: CoreSettings;
  readonly reasons: readonly Reason[];
  /** The health in a word; empty where none is told. */
  readonly health: string;
  /** The routers that it asks for. */
  readonly routers: readonly ExplainedRouter[];
  /** Whether it is a server of one of them. */
  readonly isServing: boolean;
  /** What waits, and until when. */
  readonly waits: string | undefined;
  readonly nowMs: number;
}

/** The way of one instance from the catalog to the chart, as far as it goes. */
export function wayOf(input: WayInput): readonly Step[] {
  const { instance, settings, reasons } = input;
  const blockedAt = reasons.toSorted(byStage)[0];
  const steps: Step[] = [catalogStep(input)];
  if (input.waits !== undefined) steps.push({ stage: "damping", outcome: "waits", says: input.waits });
  const judged = (stage: Stage, passes: () => string) => {
    const own = reasons.find((reason) => reason.stage === stage);
    if (own !== undefined) steps.push({ stage, outcome: "no", says: own.message });
    else if (input.translated === undefined || isBeyond(stage, blockedAt, input.translated)) {
      steps.push({ stage, outcome: "open", says: NOT_REACHED });
    } else steps.push({ stage, outcome: "yes", says: passes() });
  };
  judged("exposure", () => exposureWords(settings));
  judged("health", () => healthWords(input));
  judged("tags", () => "can be read");
  judged("port", () => portWords(instance, settings));
  judged("policy", () => policyWords(instance, settings));
  if (reasons.some(({ stage }) => stage === "turn")) judged("turn", () => "");
  return [...steps, ...routerSteps(input)];
}

/** The stages that every instance goes through, whatever its routers are. */
const JUDGED: readonly Stage[] = ["exposure", "health", "tags", "port", "policy"];

/** What is said of a stage that was not come to. */
const NOT_REACHED = "not come to";

function catalogStep({ instance, snapshot, catalog, nowMs }: WayInput): Step {
  const stage = "catalog";
  const name = snapshot?.catalogName === undefined ? "" : `${snapshot.catalogName}: `;
  const where = catalog === undefined ? "the catalog" : `${PRODUCT_NAMES[catalog.product]} ${catalog.address}`;
  const datacenter = instance.datacenter === "" ? "" : `, datacenter ${instance.datacenter}`;
  const answered = catalog?.answeredAtMs ?? snapshot?.readAtMs;
  const age = answered === undefined ? "" : `, answered ${agoText(nowMs - answered)}`;
  const failing = catalog?.failure === undefined ? "" : `; it does not answer now: ${catalog.failure}`;
  if (snapshot === undefined) return { stage, outcome: "no", says: `${where} is not charted any more` };
  if (snapshot.freshness !== "live") {
    const read = `last read ${agoText(nowMs - snapshot.readAtMs)}, before the start`;
    return { stage, outcome: "waits", says: `${name}${where}${datacenter}: ${read}${failing}` };
  }
  if (isHidden(snapshot, serviceKey(instance))) {
    return { stage, outcome: "waits", says: `${name}${where}: shows not all it has: ${snapshot.blind?.reason ?? ""}` };
  }
  return { stage, outcome: failing === "" ? "yes" : "waits", says: `${name}${where}${datacenter}${age}${failing}` };
}

/** Was the stage not come to? An instance of which the health is bad was looked at to the end, but for its turn. */
function isBeyond(stage: Stage, blockedAt: Reason | undefined, { state }: Translated): boolean {
  if (blockedAt === undefined || state.kind === "routed" || state.kind === "standby") return false;
  if (state.kind === "unhealthy") return state.fragment === undefined && byStage(blockedAt, { stage }) < 0;
  // What is wrong with tags is found at once; health is judged after them, and counts before them.
  return byStage(blockedAt, { stage }) < 0;
}

function exposureWords({ traefik: { prefix, exposedByDefault, constraints } }: CoreSettings): string {
  const fits = (constraints.expression ?? "") === "" ? "" : ", and its tags fit traefik.constraints";
  return `asks for routes: ${exposedByDefault ? `the settings expose by default` : `${prefix}.enable=true`}${fits}`;
}

function healthWords({ translated, instance, health }: WayInput): string {
  const { state } = translated ?? {};
  if (state?.kind === "routed" && state.despite !== undefined) {
    return `${state.despite.status}, and it serves all the same: no other does (backends.failOpen)`;
  }
  if (health === "") return "the catalog tells none, so that it counts as healthy";
  const counted = translated === undefined ? health : (toldHealthOf(translated.instance)?.status ?? "");
  if (counted !== health) return `${health}, and counts as ${counted} for now`;
  const own = instance.checks.length;
  if (!PRODUCT_RULES[instance.catalog].tellsHealth) return health;
  return `${health}${own === 0 ? ": it has no check" : ""}`;
}

function portWords(instance: ServiceInstance, { ports }: CoreSettings): string {
  const { port, address, nodeAddress } = instance;
  const at = whereabouts(address || nodeAddress, instance, ports.ledger);
  const verdict = judgePort({ port, protocol: "tcp", ...at, service: instance }, ports);
  if (verdict.kind === "declared") {
    return `${port}, declared: ${verdict.entry.origin} (${verdict.entry.exposure}: ${verdict.entry.purpose})`;
  }
  if (verdict.kind === "dynamic") return `${port}, within the dynamic range ${formatRange(ports.dynamic)}`;
  return `${port} is registered; its tags name another one that may be routed`;
}

function policyWords(instance: ServiceInstance, { policy }: CoreSettings): string {
  if (policy === undefined) return "there is none: what belongs to no other service may be had";
  return `allows it, by rule ${ruleFor(policy, instance)?.name ?? ""}`;
}

/** What became of each router that it asks for. */
function routerSteps({ routers, translated, isServing, instance, reasons }: WayInput): readonly Step[] {
  if (translated?.state.kind === "hidden" || translated?.state.kind === "refused") return [];
  return routers.flatMap((router): readonly Step[] => {
    const whose = `router ${router.name}`;
    const [first] = router.reasons.filter(({ instance: one }) => one === undefined || one.id === instance.id);
    if (router.state === "left-out") {
      // What is told of the instance at a stage that it went through stands there already.
      const isTold = reasons.find(({ stage }) => stage === first?.stage)?.message === first?.message;
      if (first === undefined || (isTold && JUDGED.includes(first.stage))) return [];
      return [{ stage: first.stage, outcome: "no", says: `${whose}: ${first.message}` }];
    }
    const traefik: readonly Step[] =
      first?.stage === "traefik" ? [{ stage: "traefik", outcome: "no", says: first.message }] : [];
    const because = router.because === undefined ? "" : `: ${router.because}`;
    if (router.state !== "live") {
      return [{ stage: "chart", outcome: "waits", says: `${whose} is in the chart${because}` }, ...traefik];
    }
    const says = isServing
      ? `${whose} is in the chart, and leads to it`
      : `${whose} is in the chart, and does not lead to it`;
    return [{ stage: "chart", outcome: isServing ? "yes" : "no", says }, ...traefik];
  });
}
