import type { Settings } from "../../src/config/files/schema.ts";
import { coreSettings } from "../../src/config/resolve/core-settings.ts";
import { judgeDefined, operatorConfigSettings } from "../../src/config/resolve/defined.ts";
import { allocationIdOf } from "../../src/core/catalog/allocation.ts";
import { allocationHealth, type HealthSource } from "../../src/core/catalog/allocation-health.ts";
import { allocationWord } from "../../src/core/catalog/allocation-word.ts";
import {
  type CatalogSnapshot,
  type Check,
  type DepartedInstance,
  instanceKey,
  type ServiceInstance,
  serviceKey,
} from "../../src/core/catalog/snapshot.ts";
import type { Decision } from "../../src/core/decision.ts";
import { initialMemory, type Memory } from "../../src/core/memory.ts";
import { assembleNeighbours, type FoundNeighbour } from "../../src/core/neighbours/assemble.ts";
import { type Neighbours, NO_NEIGHBOURS } from "../../src/core/neighbours/neighbours.ts";
import { assembleOperatorConfig, type LastGood } from "../../src/core/operator-config/assemble.ts";
import type { CoreSettings } from "../../src/core/settings.ts";
import type { DynamicConfig } from "../../src/core/traefik/chart/dynamic-config.ts";
import { parseChart } from "../../src/core/traefik/chart/parse-chart.ts";
import { parseNeighbour } from "../../src/neighbours/parse.ts";
import { parseSnippet } from "../../src/snippets/parse.ts";
import { allocation } from "../builders/allocation.ts";
import { ledger } from "../builders/ledger.ts";
import { policyOf } from "../builders/printed-policy.ts";
import { allSettings, instance, NOW_MS, pass, snapshot } from "../builders/world.ts";
import type { CatalogState, CatalogStep, CompactInstance, GoldenCase } from "./case-file.ts";

/** What a case came to, and by what. */
export interface Played {
  readonly decision: Decision;
  readonly snapshots: readonly CatalogSnapshot[];
  readonly settings: Settings;
  readonly core: CoreSettings;
  readonly nowMs: number;
}

/** Lives through a case; the last decision is the one that is expected. */
export function playCase(golden: Omit<GoldenCase, "name" | "description" | "outcome">): Decision {
  return playWhole(golden).decision;
}

/** The same, with what the last decision was made by. */
export function playWhole({
  settings: content,
  policy,
  ledger: declared,
  previous = [],
  ...last
}: Omit<GoldenCase, "name" | "description" | "outcome">): Played {
  const { all, core, define } = operatorOf({ settings: content, policy, ledger: declared });
  let lastGood: LastGood = new Map();
  let memory = initialMemory(undefined);
  let nowMs = NOW_MS;
  const everShown = new Map<string, ServiceInstance>();
  const signs = new Map<string, Pick<CatalogSnapshot, "confirmedAtMs" | "indexResetAtMs">>();

  /** As in a source, a registration that has not changed stays the same object from step to step. */
  const known = new Map<CompactInstance, ServiceInstance>();

  function registered(compact: CompactInstance, position: number, registry: CatalogStep["registry"]): ServiceInstance {
    const one = known.get(compact) ?? instanceOf(compact, position, registry);
    if (compact.createIndex !== undefined) known.set(compact, one);
    return one;
  }

  function play(step: CatalogStep): Pick<Played, "decision" | "snapshots"> {
    nowMs += step.afterMs ?? 1_000;
    const files = Object.entries(step.snippets ?? {}).map(([name, snippet]) =>
      typeof snippet === "string" ? { name, ...parseSnippet(snippet) } : { name, content: snippet },
    );
    const { operatorConfig, good } = assembleOperatorConfig(
      { settings: define, files, lastGood },
      operatorConfigSettings(all),
    );
    lastGood = good;
    const beside = { operatorConfig, neighbours: neighboursIn(step) };
    const snapshots = snapshotsOf(step);
    return { decision: pass([], { previous: memory, snapshots, settings: core, nowMs, ...beside }), snapshots };
  }

  function snapshotsOf(step: CatalogStep): readonly CatalogSnapshot[] {
    const { services, registry, catalog = "live", catalogs, nomad } = step;
    const told = (one: ServiceInstance) => toldBy(nomad, one, all.nomad.health);
    const shown = services.map((compact, position) => told(registered(compact, position, registry)));
    const departed = departedSince([...everShown.values()], shown, nomad);
    for (const one of shown) everShown.set(instanceKey(one), one);
    if (catalogs === undefined) {
      return [snapshot(shown, { ...stateOf("", catalog), ...(departed.length === 0 ? {} : { departed }) })];
    }
    return Object.entries(catalogs).map(([catalogName, state]) => {
      const own = shown.filter((_, position) => services[position]?.in === catalogName);
      return snapshot(own, { catalogName, ...stateOf(catalogName, state) });
    });
  }

  /** What a catalog has shown of itself so far. */
  function stateOf(catalogName: string, state: CatalogState): Partial<CatalogSnapshot> {
    if (state === "reset") signs.set(catalogName, { ...signs.get(catalogName), indexResetAtMs: nowMs });
    if (state === "confirmed") signs.set(catalogName, { ...signs.get(catalogName), confirmedAtMs: nowMs });
    return {
      ...signs.get(catalogName),
      ...(state === "blind" ? { blind: { sinceMs: nowMs, reason: "an empty list" } } : {}),
      freshness: state === "stored" || state === "unread" ? state : "live",
      readAtMs: nowMs,
    };
  }

  let text = "";
  for (const step of previous) {
    memory = restarted(memory, text, step);
    ({ memory, text } = play(step).decision);
  }
  memory = restarted(memory, text, last);
  return { ...play(last), settings: all, core, nowMs };
}

interface OperatorFiles {
  readonly settings: GoldenCase["settings"] | undefined;
  readonly policy: unknown;
  readonly ledger: unknown;
}

interface Operator {
  readonly files: OperatorFiles;
  readonly all: Settings;
  readonly core: CoreSettings;
  readonly define: { readonly origin: string; readonly config: DynamicConfig };
}

let latest: Operator | undefined;

/** What the operator's files say. One case is played many times in a row, as a process reads its files once. */
function operatorOf(files: OperatorFiles): Operator {
  const { settings: content, policy, ledger: declared } = files;
  const { files: known } = latest ?? {};
  if (latest && known?.settings === content && known?.policy === policy && known?.ledger === declared) return latest;
  const ledgered = withLedger(allSettings(content), declared);
  const all = policy === undefined ? ledgered : { ...ledgered, loadedPolicy: policyOf(policy) };
  const defined = judgeDefined(all);
  if (defined.kind === "refused") throw new Error("resolved settings define something bad");
  const define = { origin: "the settings (define)", config: defined.config };
  latest = { files, all, core: coreSettings(all), define };
  return latest;
}

function neighboursIn({ beside }: CatalogStep): Neighbours {
  if (beside === undefined) return NO_NEIGHBOURS;
  const files = Object.entries(beside).map(([file, content]): FoundNeighbour => {
    const text = typeof content === "string" ? content : JSON.stringify(content);
    const parsed = parseNeighbour(text, file.endsWith(".toml") ? "toml" : "yaml");
    const isRead = file < "portolan.yml" ? "before" : "after";
    if (parsed.kind === "unread") return { file, isRead, ...parsed, lastNames: [] };
    if (parsed.kind !== "refused") return { file, isRead, ...parsed };
    return { file, isRead, kind: "refused", problem: parsed.problem, lastNames: parsed.names };
  });
  return assembleNeighbours({ files: files.sort((a, b) => (a.file < b.file ? -1 : 1)) });
}

function withLedger(settings: Settings, content: unknown): Settings {
  return content === undefined ? settings : { ...settings, loadedLedger: ledger(content) };
}

/** What a new process knows: the chart as it is on disk, and the state if it is still there. */
function restarted(memory: Memory, text: string, { restart, catalogs = {} }: CatalogStep): Memory {
  if (restart === undefined) return memory;
  return initialMemory(parseChart(text), restart === "state-lost" ? undefined : memory, Object.keys(catalogs));
}

function instanceOf(
  compact: CompactInstance,
  position: number,
  registry: CatalogStep["registry"] = "consul",
): ServiceInstance {
  const { in: catalogName = "", service, id = service, node = "node-1", checks = "passing", ...rest } = compact;
  return instance({
    nodeAddress: `192.168.11.1${node.slice(-1)}`,
    tags: [],
    createIndex: 10 * (position + 1),
    ...rest,
    service,
    id,
    node,
    catalog: typeof registry === "string" ? registry : (registry[catalogName] ?? "consul"),
    checks: checksOf(id, checks),
  });
}

/** The instance with what the Nomad of the case says of the allocation in its id. */
function toldBy(nomad: CatalogStep["nomad"], one: ServiceInstance, by: HealthSource): ServiceInstance {
  const id = allocationIdOf(one.id);
  if (nomad === "silent" && id !== undefined) return { ...one, allocation: { kind: "untold" } };
  const known = nomad === "silent" ? undefined : nomad?.find((placed) => placed.id === id);
  if (known === undefined) return one;
  const { job, node = "node-1", namespace = "default", canary = false, ports, checks = {} } = known;
  const address = `192.168.11.1${node.slice(-1)}`;
  const placed = allocation({
    ...{ id: known.id, job, node, namespace, isCanary: canary },
    ports: ports.map((port) => ({ address, port })),
    clientStatus: known.status ?? "running",
    deployment: known.deployment ?? "none",
    isStopped: known.stopped === true,
    isLeaving: known.leaving === true,
  });
  const results =
    checks === "unread"
      ? undefined
      : Object.entries(checks).map(([name, status]) => ({ service: one.service, name, status }));
  const word = allocationWord(one, placed, "http://127.0.0.1:4646", allocationHealth(placed, results, by));
  return word === undefined ? one : { ...one, allocation: word };
}

/** Those that a step before showed and this one does not, of the services of which Nomad has stopped any. */
function departedSince(
  before: readonly ServiceInstance[],
  now: readonly ServiceInstance[],
  nomad: CatalogStep["nomad"],
): readonly DepartedInstance[] {
  const there = new Set(now.map(instanceKey));
  const departed = before
    .filter((one) => !there.has(instanceKey(one)))
    .map((one): DepartedInstance => {
      const { allocation: word } = toldBy(nomad, one, "none");
      const isStopped = word?.kind === "of-job" && word.isStopped === true;
      const id = allocationIdOf(one.id);
      const isJobStopped =
        nomad !== "silent" && nomad?.some((placed) => placed.id === id && placed.jobStopped === true) === true;
      return {
        ...{ instance: instanceKey(one), service: serviceKey(one), isStopped },
        ...(isJobStopped ? { isJobStopped } : {}),
      };
    });
  return departed.filter(({ service }) => departed.some((one) => one.service === service && one.isStopped));
}

function checksOf(id: string, checks: NonNullable<CompactInstance["checks"]>): readonly Check[] {
  if (checks === "none") return [];
  const statuses = typeof checks === "string" ? { [`service:${id}`]: checks } : checks;
  return Object.entries(statuses).map(([checkId, status]) => ({
    id: checkId,
    name: checkId,
    status,
    ...(checkId === "serfHealth" ? { ofNode: true } : {}),
  }));
}
