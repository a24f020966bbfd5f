import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import { memoize } from "../incremental/memoize.ts";
import type { Steps } from "../incremental/steps.ts";
import type { TranslatedServices } from "../instances/instance-state.ts";
import type { Memory } from "../memory.ts";
import type { Definition } from "../merge/definition.ts";
import type { Owner } from "../merge/owner.ts";
import type { OperatorConfig } from "../operator-config/operator-config.ts";
import type { CoreSettings } from "../settings.ts";
import {
  type ConfigObject,
  type DynamicConfig,
  isRouterSection,
  type ResourceKey,
  ROUTER_SECTIONS,
  type RouterSection,
  resourceKey,
  routersOf,
  splitKey,
} from "../traefik/chart/dynamic-config.ts";
import { absentOwners } from "./absent-owners.ts";
import { type Claimant, claimantOf } from "./claimant.ts";
import { tellOfClaims } from "./host-diagnostics.ts";
import { type ClaimIndex, createClaimIndex } from "./host-index.ts";
import { settleClaims } from "./resolve-host-conflicts.ts";

export interface ClaimsInput {
  /** All that may be published; what refers to nothing has been left out already, so that it cannot claim anything. */
  readonly config: DynamicConfig;
  /** Who defines a router of the catalog's. */
  readonly definitionOf: (section: RouterSection, name: string) => Definition | undefined;
  readonly owners: ReadonlyMap<ResourceKey, Owner>;
  readonly services: TranslatedServices;
  readonly operatorConfig: OperatorConfig;
  readonly previous: Pick<Memory, "chart" | "owners" | "hosts" | "sharingGroups" | "holds" | "services">;
  readonly settings: CoreSettings;
  readonly nowMs: number;
  /** Any object that stands for this pass. */
  readonly pass: object;
  /** The routers that another one may ask for than in the earlier pass, or otherwise; left out: nobody knows. */
  readonly changed?: { readonly since: object; readonly routers: ReadonlySet<ResourceKey> };
}

export interface JudgedClaims {
  /** Without the routers that asked for what is somebody else's. */
  readonly config: DynamicConfig;
  /** Host → the service that has it, where another one asks for it, too. */
  readonly hosts: ReadonlyMap<string, string>;
  /** Service → the family of an owner that is absent: nobody else knows it any more. */
  readonly sharingGroups: Memory["sharingGroups"];
  /** Published routers of absent owners whose hosts others have got: nothing of them may stay. */
  readonly replaced: ReadonlySet<ResourceKey>;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Leaves out the routers that would take requests from an owner. What is owned is a host that a rule names, as a whole:
 *
 * | a router of another service asks for | it is left out, unless |
 * |---|---|
 * | an owned host | it is kin to the owner, and does not take all of what a router there has |
 * | many hosts, an owned one among them | it ranks lower, or was published before that host was owned and does not take all of every host |
 * | exactly the same many hosts, or the same UDP entry point | it ranks lower |
 *
 * The first owner is whom the policy grants the host, then who has it by the state, then by the published chart, then an
 * absent owner for whom it is kept, then the oldest registration, then the first by name. Kin are services of one job,
 * allocation or namespace, and the operator is everybody's. One claimant a step.
 */
export function* judgeClaims(input: ClaimsInput): Steps<JudgedClaims> {
  const { config, previous, settings, nowMs } = input;
  const index = indexOf(settings);
  const { changed } = input;
  const isLatest = changed !== undefined && index.latest === changed.since;
  index.latest = undefined;
  yield* isLatest ? index.amend(changedIn(input, changed.routers)) : index.update(askingIn(input));
  index.latest = input.pass;
  const absent = absentOwners(input.owners, previous, input.services, { keptMs: settings.claims.keptMs, nowMs });
  const sharingGroups = new Map(absent.map(({ claimant }) => [claimant.service, claimant.sharingGroup]));
  const { refused, shadowed, hosts, replaced } = settleClaims(index, absent, previous, settings.policy);
  if (refused.size + shadowed.size === 0) return { config, hosts, sharingGroups, replaced, diagnostics: [] };
  const diagnostics = tellOfClaims(refused, shadowed);
  return { config: without(config, refused.keys()), hosts, sharingGroups, replaced, diagnostics };
}

/** One index for each settings object, as for translations: it knows the claims of the latest pass. */
const indexOf: (settings: CoreSettings) => ClaimIndex = memoize(() => createClaimIndex());

function askingIn({ config, definitionOf, operatorConfig }: ClaimsInput): readonly (Definition | Claimant)[] {
  const operators = claimantsOfOperator(operatorConfig);
  const asking: (Definition | Claimant)[] = [];
  for (const section of ROUTER_SECTIONS) {
    for (const name of config[section].keys()) {
      const one = definitionOf(section, name) ?? operators.get(resourceKey(section, name));
      if (one !== undefined) asking.push(one);
    }
  }
  return asking;
}

function* changedIn(
  { config, definitionOf, operatorConfig }: ClaimsInput,
  routers: ReadonlySet<ResourceKey>,
): Generator<readonly [ResourceKey, Definition | Claimant | undefined]> {
  const operators = claimantsOfOperator(operatorConfig);
  for (const key of routers) {
    const { section, name } = splitKey(key);
    if (!isRouterSection(section)) continue;
    const isThere = config[section].has(name);
    yield [key, isThere ? (definitionOf(section, name) ?? operators.get(key)) : undefined];
  }
}

const claimantsOfOperator = memoize(({ config, origins }: OperatorConfig): ReadonlyMap<ResourceKey, Claimant> => {
  const claimants = new Map<ResourceKey, Claimant>();
  for (const { key, section, name, router: object } of routersOf(config)) {
    const service = origins.get(key) ?? "";
    const asking = {
      key,
      section,
      name,
      object,
      service,
      instances: [],
      sharingGroup: new Set<string>(),
      createIndex: 0,
    };
    claimants.set(key, claimantOf({ ...asking, kind: "operator" }));
  }
  return claimants;
});

function without(config: DynamicConfig, refused: Iterable<Claimant>): DynamicConfig {
  const left = new Map<RouterSection, Map<string, ConfigObject>>();
  for (const { section, name } of refused) {
    const routers = left.get(section) ?? new Map(config[section]);
    routers.delete(name);
    left.set(section, routers);
  }
  return { ...config, ...Object.fromEntries(left) };
}
