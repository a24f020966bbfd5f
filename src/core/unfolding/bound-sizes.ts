import { admit, overBudget, type Refusal, type Refusals } from "../budgets/admission.ts";
import { type Budget, type Demand, type Demands, NO_DEMANDS, withDemands } from "../budgets/demands.ts";
import { catalogNameIn } from "../catalog/snapshot.ts";
import { DIAGNOSTIC_CODES, type Diagnostic } from "../diagnostics/diagnostics.ts";
import { diagnose, type Finding } from "../diagnostics/finding.ts";
import type { Steps } from "../incremental/steps.ts";
import type { FindDefinition } from "../merge/merge-memory.ts";
import type { Owner } from "../merge/owner.ts";
import { withoutNames } from "../operator-config/overlay.ts";
import type { PlannedReason } from "../removals/planned-removals.ts";
import type { Pass, StageResult } from "../stage.ts";
import { dropDangling } from "../traefik/chart/dangling-references.ts";
import {
  type DynamicConfig,
  isRouterSection,
  newConfig,
  type ResourceKey,
  splitKey,
} from "../traefik/chart/dynamic-config.ts";
import { referencesOf } from "../traefik/chart/references.ts";
import { referredKey } from "../traefik/chart/referred-key.ts";
import { isFlawed, rootFlaw } from "../traefik/weight/size-flaws.ts";
import { type Sizes, unfold } from "../traefik/weight/unfolded.ts";
import { dependsOnRefused } from "../translate/left-out.ts";
import { affectedKeys } from "./affected.ts";

/** What routers may unfold to, in KiB of Traefik's memory. An ordinary service is within what is free. */
export const SIZE_BUDGET: Budget = { ofService: 32 * 1024, free: 256, ofAll: 256 * 1024 };

export interface SizesInput {
  /** All that is to be published: what is desired, and what is retained. */
  readonly config: DynamicConfig;
  /** Name → its owner. */
  readonly owners: ReadonlyMap<ResourceKey, Owner>;
  readonly definitionOf: FindDefinition;
  /** What the published file says; undefined when there is none. */
  readonly published: DynamicConfig | undefined;
}

/** What one pass hands to the next: saves work, and changes nothing about its result. */
export interface SizesCarry {
  readonly config: DynamicConfig;
  readonly operatorNames: ReadonlyMap<ResourceKey, string>;
  readonly sizes: Sizes;
  readonly demands: Demands;
  /** What must not be built at all. */
  readonly flaws: ReadonlyMap<ResourceKey, Flaw>;
  /** What does not fit into the budgets. */
  readonly refusals: Refusals;
}

interface Flaw {
  readonly finding: Finding;
  /** Told of routers, and where the cause is: what lies between them need not be told. */
  readonly isTold: boolean;
}

export interface BoundedConfig {
  readonly config: DynamicConfig;
  /** What is left out for its size, and why. */
  readonly leftOut: ReadonlyMap<ResourceKey, Finding>;
}

const NOTHING_BEFORE: SizesCarry = {
  config: newConfig(),
  operatorNames: new Map(),
  sizes: new Map(),
  demands: NO_DEMANDS,
  flaws: new Map(),
  refusals: new Map(),
};

/**
 * The stage that keeps from Traefik what is small in tags and large where it is built: chains that name each other twice,
 * attempts that multiply, and the sum of many. What a router leads to counts for its own service, whatever service defines it. Judged
 * after hosts and removals, so that a router that grows too large by what it borrows loses no host, and that nothing that is
 * retained escapes. The operator's own definitions are judged where they are read.
 */
export function* boundSizes(
  { operatorConfig }: Pass,
  input: SizesInput,
  carry: SizesCarry | undefined,
): Steps<StageResult<BoundedConfig, SizesCarry>> {
  const { config } = input;
  const operatorNames = operatorConfig.origins;
  const before = carry?.operatorNames === operatorNames ? carry : NOTHING_BEFORE;
  const after = before.config === config ? before : judged(before, input, operatorNames);
  yield;
  const leftOut = leftOutOf(after);
  const told = [...leftOut].filter(([key]) => after.flaws.get(key)?.isTold !== false);
  return {
    value: { config: without(config, leftOut), leftOut },
    carry: after,
    diagnostics: told.flatMap(([key, finding]) => reported(key, finding, input)),
    dueAtMs: [],
  };
}

function judged(
  before: SizesCarry,
  { config, owners, definitionOf, published }: SizesInput,
  operatorNames: SizesCarry["operatorNames"],
): SizesCarry {
  const affected = affectedKeys(before.config, config);
  if (affected.size === 0) return { ...before, config };
  const sizes = new Map(before.sizes);
  for (const key of affected) sizes.delete(key);
  const flaws = new Map(before.flaws);
  const changes: (readonly [ResourceKey, Demand | undefined])[] = [];
  for (const key of affected) {
    const { section, name } = splitKey(key);
    flaws.delete(key);
    const isThere = config[section].has(name) && !operatorNames.has(key);
    const size = isThere ? unfold(config, section, name, sizes) : undefined;
    const flaw = size !== undefined && isFlawed(size) ? flawOf(config, key, sizes) : undefined;
    if (flaw !== undefined) flaws.set(key, flaw);
    if (!isRouterSection(section)) continue;
    const service = owners.get(key)?.service;
    const isWeighed = size !== undefined && flaw === undefined && service !== undefined;
    const createIndex = definitionOf(section, name)?.createIndex ?? 0;
    changes.push([key, isWeighed ? { key, service, createIndex, amount: Math.ceil(size.kib) } : undefined]);
  }
  const demands = withDemands(before.demands, changes, SIZE_BUDGET);
  const refusals = demands === before.demands ? before.refusals : admit(demands, SIZE_BUDGET, establishedIn(published));
  return { config, operatorNames, sizes, demands, flaws, refusals };
}

function flawOf(config: DynamicConfig, key: ResourceKey, sizes: Sizes): Flaw {
  const { section, name } = splitKey(key);
  const { key: root, finding, toldAt } = rootFlaw(config, key, sizes);
  if (root === key || toldAt === key) return { finding, isTold: true };
  const object = config[section].get(name);
  const reference = (object === undefined ? [] : referencesOf(section, object)).find((one) => {
    const target = sizes.get(referredKey(section, one) as ResourceKey);
    return target !== undefined && isFlawed(target);
  });
  return {
    finding: reference === undefined ? finding : dependsOnRefused(key, reference, finding),
    isTold: isRouterSection(section),
  };
}

/** Whether the published chart has the router, and unfolded it to no less. */
function establishedIn(published: DynamicConfig | undefined): (demand: Demand) => boolean {
  const sizes: Sizes = new Map();
  return ({ key, amount }) => {
    const { section, name } = splitKey(key);
    if (published?.[section].has(name) !== true) return false;
    return Math.ceil(unfold(published, section, name, sizes).kib) >= amount;
  };
}

function leftOutOf({ flaws, refusals, demands }: SizesCarry): BoundedConfig["leftOut"] {
  if (flaws.size + refusals.size === 0) return NONE;
  const leftOut = new Map(Array.from(flaws, ([key, { finding }]) => [key, finding] as const));
  for (const [key, refusal] of refusals) leftOut.set(key, tooMuch(key, refusal, demands));
  return new Map([...leftOut].sort(([one], [other]) => (one < other ? -1 : 1)));
}

const NONE: BoundedConfig["leftOut"] = new Map();

/** Without those parts, and without what of the operator's refers to them. */
function without(config: DynamicConfig, leftOut: BoundedConfig["leftOut"]): DynamicConfig {
  if (leftOut.size === 0) return config;
  return dropDangling(withoutNames(config, leftOut.keys()), () => undefined).config;
}

function tooMuch(key: ResourceKey, refusal: Refusal, demands: Demands): Finding {
  const whose = overBudget(refusal, SIZE_BUDGET, demands, { parts: "routers", come: "come to", unit: " KiB" });
  return {
    code: "BUDGET_EXCEEDED",
    message: `${key} unfolds to ${refusal.demand.amount} KiB of Traefik's memory, with all that it refers to and as often as it does; ${whose}`,
    remedy:
      "use fewer and smaller middlewares at this router: a circuitBreaker takes 128 KiB, long lists and regular expressions take more than others",
  };
}

function reported(key: ResourceKey, finding: Finding, { owners, definitionOf }: SizesInput): readonly Diagnostic[] {
  const { section, name } = splitKey(key);
  const instances = definitionOf(section, name)?.instances ?? [];
  if (instances.length > 0) return instances.map((one) => diagnose(one, finding));
  // Retained for an owner that is away.
  const service = owners.get(key)?.service ?? "";
  const catalog = catalogNameIn(service);
  const subject = { ...(catalog === undefined ? {} : { catalog }), service, instance: "", node: "" };
  const { code, message, remedy } = finding;
  return [{ code, severity: DIAGNOSTIC_CODES[code].severity, subject, message, remedy }];
}

/** Why published routers go, with those that go for their size. */
export function reasonsWith(
  reasons: ReadonlyMap<ResourceKey, PlannedReason>,
  leftOut: BoundedConfig["leftOut"],
): ReadonlyMap<ResourceKey, PlannedReason> {
  if (leftOut.size === 0) return reasons;
  const all = new Map(reasons);
  for (const [key, { code }] of leftOut) all.set(key, { kind: "quarantined", code });
  return all;
}
