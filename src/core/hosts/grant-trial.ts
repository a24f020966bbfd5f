import type { TranslatedServices } from "../instances/instance-state.ts";
import { ruleFor } from "../policy/policy.ts";
import type { CoreSettings, Policy, PolicyRule } from "../settings.ts";
import type { AbsentOwner } from "./absent-owners.ts";
import type { Claimant } from "./claimant.ts";
import type { Refusals } from "./conflicts/refusal.ts";
import { resolveHostConflicts } from "./conflicts/resolve-host-conflicts.ts";
import type { HostIndex } from "./host-index.ts";
import type { Past } from "./published-before.ts";
import { createSharing } from "./sharing.ts";

/** The conflicts of one pass as they were resolved, and what the next pass will know of it. */
export interface ResolvedPass {
  readonly index: HostIndex;
  readonly refused: Refusals;
  readonly absent: readonly AbsentOwner[];
  readonly services: TranslatedServices;
  readonly policy: Policy | undefined;
  readonly allow: CoreSettings["allow"];
  readonly past: Past;
}

/**
 * The routers that would be refused with more rules before those of the policy, of those that name these hosts, and of those
 * with a rule of many hosts that are of these services or could take requests to these hosts. Others are not looked at.
 */
export function refusedWith(
  rules: readonly PolicyRule[],
  about: { readonly hosts: ReadonlySet<string>; readonly services: ReadonlySet<string> },
  { index, absent, services, policy, allow, past }: ResolvedPass,
): ReadonlySet<Claimant> {
  const named = [...about.hosts].flatMap((host) => index.byHost.get(host) ?? []);
  const contestedSets = only(index.contestedSets, (_, group) =>
    group.some(({ service }) => about.services.has(service)),
  );
  const wide = only(
    index.wide,
    ({ service }, threatened) => about.services.has(service) || named.some((one) => threatened.has(one)),
  );
  const contestedHosts = new Map(
    [...about.hosts].flatMap((host) => {
      const group = index.contestedHosts.get(host);
      return group === undefined ? [] : [[host, group] as const];
    }),
  );
  const gone = absent.filter(({ claimant }) => about.services.has(claimant.service));
  const part: HostIndex = { ...index, contestedHosts, contestedSets, wide };
  const all = [
    ...named,
    ...wide.keys(),
    ...[...contestedSets.values()].flat(),
    ...gone.map(({ claimant }) => claimant),
  ];
  const trial = { networks: [], rules: [...rules, ...rulesFor(all, policy)] };
  const { refused } = resolveHostConflicts(part, gone, past, trial, createSharing(trial, services, allow));
  return new Set(refused.keys());
}

/** The rules that count for these claimants now. To compile all rules of a large policy for each trial took seconds. */
function rulesFor(claimants: readonly Claimant[], policy: Policy | undefined): readonly PolicyRule[] {
  if (policy === undefined) return [];
  const counting = new Set(claimants.map(({ instances: [newest] }) => newest && ruleFor(policy, newest)));
  return policy.rules.filter((rule) => counting.has(rule));
}

function only<Key, Value>(
  map: ReadonlyMap<Key, Value>,
  isMeant: (key: Key, value: Value) => boolean,
): ReadonlyMap<Key, Value> {
  return new Map([...map].filter(([key, value]) => isMeant(key, value)));
}
