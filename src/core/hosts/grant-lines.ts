import { HOST_PATTERN } from "../policy/host-pattern.ts";
import { grantOf } from "../policy/policy.ts";
import { writeRule, writeRules } from "../policy/write-rule.ts";
import type { PolicyRule } from "../settings.ts";
import { type AskedFor, askedForBy, askedForByRouters } from "./asked-for.ts";
import { areOfOneNamespace, type Claimant } from "./claimant.ts";
import { comesBefore, shareEntryPoint, takesAllAt } from "./claimant-overlap.ts";
import type { Refusal } from "./conflicts/refusal.ts";
import { grantRule } from "./grant-rule.ts";
import { type ResolvedPass, refusedWith } from "./grant-trial.ts";

/** Lines of a policy with which a refused router would be routed. */
export interface GrantLines {
  /**
   * `share`: no router that is there loses anything. `instead`: a service that has the host, or the set of hosts, loses it.
   * `name`: the service may name hosts of others, too.
   */
  readonly kind: "share" | "instead" | "name";
  /** The services that the lines name. */
  readonly services: readonly string[];
  /** The content of a policy file where there is none, else what comes before the other rules. */
  readonly text: string;
  /** The rules in it for these services, each as YAML. */
  readonly rules: readonly string[];
}

/** Each trial costs a part of a millisecond: of many refused routers the first ones get lines, the rest is only told of. */
const MOST_TRIALS = 100;

/** The lines for each refused router of a pass that may have some, in the order of their keys. */
export function grantLinesOfAll(pass: ResolvedPass): ReadonlyMap<Claimant, GrantLines> {
  const lines = new Map<Claimant, GrantLines>();
  const refused = [...pass.refused].sort(([a], [b]) => (a.key < b.key ? -1 : 1));
  for (const [claimant, refusal] of refused.slice(0, MOST_TRIALS)) {
    const found = grantLines(claimant, refusal, pass);
    if (found !== undefined) lines.set(claimant, found);
  }
  return lines;
}

/**
 * The lines of a policy with which a refused router would be routed, ready to be copied; undefined where there are none.
 *
 * | refused as | lines |
 * |---|---|
 * | `host-taken`, and it leaves something to each router at its hosts | for all services at its hosts, which share them |
 * | `host-taken`, and it takes all of a router there | for its service alone, which gets the host in place of the owner |
 * | `comes-before` | for its service, and those that name hosts beside it |
 * | `equal-set` | for its service alone, which gets the set in place of the owner |
 * | `takes-over-host` | none: the two may share the host already |
 * | `names-host` | for its service alone, with the hosts that it names |
 * | `other-tls-options` | none: the operator has the host |
 *
 * Whether the router would be routed is tried by resolving the conflicts around it under the policy with these lines.
 */
function grantLines(claimant: Claimant, { winner, why }: Refusal, pass: ResolvedPass): GrantLines | undefined {
  if (winner.kind === "operator" || why.kind === "takes-over-host") return undefined;
  if (why.kind === "names-host") return tried("name", [claimant], pass);
  const isAlone = why.kind === "equal-set" || (why.kind === "host-taken" && takesOverAny(claimant, pass));
  return isAlone ? tried("instead", [claimant], pass) : tried("share", partiesOf(claimant, pass), pass);
}

function takesOverAny(claimant: Claimant, pass: ResolvedPass): boolean {
  return claimant.hosts.some((host) =>
    othersAt(host, claimant.service, pass).some(
      (other) => shareEntryPoint(claimant, other) && comesBefore(claimant, other) && takesAllAt(host, claimant, other),
    ),
  );
}

/** The routers of other services that have a host: those that stay, and those of absent owners. */
function othersAt(host: string, service: string, { index, refused, absent }: ResolvedPass): readonly Claimant[] {
  const gone = absent.map(({ claimant }) => claimant).filter(({ hosts }) => hosts.includes(host));
  return [...(index.byHost.get(host) ?? []), ...gone].filter(
    (one) => one.kind !== "operator" && one.service !== service && !refused.has(one),
  );
}

/** More services than these make lines too long for a message. */
const MOST_SERVICES = 8;

/**
 * The claimant, and one router of each service that has one of the hosts which the lines will name, unless the policy names
 * it already: a service that is named comes before one that is not.
 */
function partiesOf(claimant: Claimant, pass: ResolvedPass): readonly Claimant[] {
  const parties = new Map<string, Claimant>([[claimant.service, claimant]]);
  for (const [service] of parties) {
    for (const host of askedForOf(service, pass)?.namedHosts ?? []) {
      for (const other of othersAt(host, service, pass)) {
        if (parties.has(other.service) || isGranted(host, other, claimant, pass)) continue;
        parties.set(other.service, other);
      }
    }
    if (parties.size > MOST_SERVICES) break;
  }
  return [...parties.values()];
}

function isGranted(host: string, one: Claimant, beside: Claimant, { policy }: ResolvedPass): boolean {
  const { isHostNamed, arePathsNamed, isAcrossNamespaces } = grantOf(policy, one.instances, host);
  return isHostNamed && arePathsNamed && (isAcrossNamespaces || areOfOneNamespace(one, beside));
}

function askedForOf(service: string, { services, absent }: ResolvedPass): AskedFor | undefined {
  const gone = absent.map(({ claimant }) => claimant).filter((one) => one.service === service);
  return gone.length > 0 ? askedForByRouters(gone) : askedForBy(services.get(service) ?? []);
}

/** What a service asks for, and the hosts that its routers name besides. */
function withNamedHosts(asked: AskedFor, service: string, { index }: ResolvedPass): AskedFor {
  const naming = [...index.naming.values()].filter((one) => one.service === service);
  const named = naming.flatMap(({ namedOnly, domainsOnly }) => [...namedOnly, ...domainsOnly]);
  const hosts = named.filter((host) => HOST_PATTERN.test(host));
  return asked.hosts.includes("*") ? asked : { ...asked, hosts: [...new Set([...asked.hosts, ...hosts])].sort() };
}

/** The lines for the services of these claimants, if they help the first one. */
function tried(kind: GrantLines["kind"], parties: readonly Claimant[], pass: ResolvedPass): GrantLines | undefined {
  const rules: PolicyRule[] = [];
  const hosts = new Set<string>();
  for (const { service, instances } of parties) {
    const asked = askedForOf(service, pass);
    const [newest] = instances;
    if (asked === undefined || newest === undefined) return undefined;
    const rule = grantRule(newest, kind === "name" ? withNamedHosts(asked, service, pass) : asked, pass.policy);
    if (rule === undefined) return undefined;
    rules.push(rule);
    for (const host of asked.namedHosts) hosts.add(host);
  }
  const services = parties.map(({ service }) => service);
  const text = writeRules(rules, pass.policy);
  if (text === undefined) return undefined;
  const about = { hosts, services: new Set(services) };
  const refused = refusedWith(rules, about, pass);
  const isHelp = kind !== "instead" ? [...refused].every((one) => pass.refused.has(one)) : true;
  return isHelp && parties[0] !== undefined && !refused.has(parties[0])
    ? { kind, services, text, rules: rules.map(writeRule) }
    : undefined;
}
