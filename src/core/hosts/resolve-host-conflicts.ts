import { grantOf } from "../policy/policy.ts";
import type { Policy } from "../settings.ts";
import type { ResourceKey } from "../traefik/chart/dynamic-config.ts";
import type { Absent } from "./absent-owners.ts";
import {
  bySeniority,
  type Claimant,
  outranks,
  shareEntryPoint,
  takesAll,
  takesAllAt,
  takesAllBlindly,
  threatens,
} from "./claimant.ts";
import type { ClaimIndex } from "./host-index.ts";
import { isWish, type Past, rankedAt, standingAt, wasPublished } from "./host-rank.ts";
import { areKin } from "./sharing-group.ts";

/** Why a router is left out. */
export interface Refusal {
  readonly winner: Claimant;
  readonly why:
    | { readonly kind: "taken"; readonly host: string }
    | { readonly kind: "covers"; readonly host: string }
    | { readonly kind: "set" }
    | { readonly kind: "outranks" };
}

export interface Settled {
  readonly refused: ReadonlyMap<Claimant, Refusal>;
  /** Routers that stay, and an older one that gets requests before them. */
  readonly shadowed: ReadonlyMap<Claimant, Claimant>;
  readonly hosts: ReadonlyMap<string, string>;
  readonly replaced: ReadonlySet<ResourceKey>;
}

/** Decides who stays. Only what is contested is looked at. */
export function settleClaims(
  index: ClaimIndex,
  absent: readonly Absent[],
  past: Past,
  policy: Policy | undefined,
): Settled {
  const refused = new Map<Claimant, Refusal>();
  const shadowed = new Map<Claimant, Claimant>();
  const hosts = new Map<string, string>();
  const kept = absent.filter(({ isKept }) => isKept).map(({ claimant }) => claimant);

  settleHosts();
  const replaced = replacedRouters();
  const standIns = absent
    .filter(({ claimant, isKept, isPublished }) => isKept && isPublished && !replaced.has(claimant.key))
    .map(({ claimant }) => claimant);
  settleThreats();
  settleSets();
  return { refused, shadowed, hosts, replaced: replacedRouters() };

  /** First the places of a host, as the past has them; then the oldest registrations get what is left. */
  function settleHosts(): void {
    const places = new Map<string, ReturnType<typeof rankedAt>>();
    const asking = new Set<Claimant>();
    for (const host of contested()) {
      const claimants = [...index.ofHost(host), ...kept.filter((one) => one.hosts.includes(host))];
      places.set(host, rankedAt(host, claimants, standing));
      for (const claimant of claimants) if (claimant.kind === "service") asking.add(claimant);
    }
    const accepted = new Set<Claimant>();
    for (const claimant of [...asking].sort((a, b) => ageOf(a) - ageOf(b) || bySeniority(a, b))) {
      const refusal = firstOf(claimant.hosts, (host) => refusalAt(host, claimant, places.get(host) ?? [], accepted));
      if (refusal === undefined) accepted.add(claimant);
      else refused.set(claimant, refusal);
    }
    for (const { hosts: theirs, service } of kept) for (const host of theirs) hosts.set(host, service);
    for (const [host, ranked] of places) {
      const owner = ranked.find(
        ({ claimant, standing }) => claimant.kind !== "operator" && (accepted.has(claimant) || !isWish(standing)),
      )?.claimant;
      if (owner !== undefined) hosts.set(host, owner.service);
    }
  }

  function contested(): ReadonlySet<string> {
    const all = new Set(index.contestedHosts);
    for (const { hosts } of kept) for (const host of hosts) if (index.ofHost(host).length > 0) all.add(host);
    return all;
  }

  function standing(host: string, claimant: Claimant): number {
    if (claimant.kind === "operator") return OPERATOR;
    return standingAt(host, claimant, past, grantOf(policy, claimant.instances, host).isHostNamed);
  }

  function refusalAt(
    host: string,
    claimant: Claimant,
    ranked: ReturnType<typeof rankedAt>,
    accepted: ReadonlySet<Claimant>,
  ): Refusal | undefined {
    const owner = ranked.find(
      ({ claimant: other, standing }) =>
        other === claimant ||
        (other.kind !== "operator" && (accepted.has(other) || !isWish(standing)) && isInTheWay(claimant, other)),
    )?.claimant;
    if (owner !== undefined && owner.service !== claimant.service && !mayShare(host, claimant, owner)) {
      return { winner: owner, why: { kind: "taken", host } };
    }
    const covered = ranked.find(({ claimant: other }) => takesOver(host, claimant, other, accepted))?.claimant;
    return covered && { winner: covered, why: { kind: "covers", host } };
  }

  /** Whoever was there before does not do so: they got along. But nobody was there before the operator. */
  function takesOver(host: string, claimant: Claimant, other: Claimant, accepted: ReadonlySet<Claimant>): boolean {
    if (other.service === claimant.service || other.kind === "absent" || !isInTheWay(claimant, other)) return false;
    if (other.kind === "service" && (!accepted.has(other) || wasPublished(claimant, past))) return false;
    return outranks(claimant, other) && takesAllAt(host, claimant, other);
  }

  /** Kin may, and whom the policy names the host and the paths for. */
  function mayShare(host: string, claimant: Claimant, owner: Claimant): boolean {
    if (isKinOf(claimant, owner)) return true;
    const grant = grantOf(policy, claimant.instances, host);
    return grant.isHostNamed && grant.arePathsNamed;
  }

  /** Of those that ask for one and the same, the first keeps it; who ranks lower gets what it leaves. */
  function settleSets(): void {
    const names = new Set([...index.contestedSets, ...standIns.flatMap(({ sets }) => sets)]);
    for (const name of names) {
      const present = index.ofSet(name).filter((claimant) => !refused.has(claimant));
      const claimants = [...present, ...standIns.filter(({ sets }) => sets.includes(name))];
      const stay: Claimant[] = [];
      for (const claimant of claimants.sort((a, b) => ageOf(a) - ageOf(b) || bySeniority(a, b))) {
        const winner = stay.find((other) => keepsFrom(claimant, other));
        if (winner === undefined || claimant.kind !== "service") stay.push(claimant);
        else refused.set(claimant, { winner, why: { kind: "set" } });
      }
    }
  }

  function ageOf(claimant: Claimant): number {
    if (claimant.kind === "operator") return 0;
    if (claimant.kind === "absent") return 2;
    return wasPublished(claimant, past) ? 1 : 3;
  }

  function keepsFrom(claimant: Claimant, owner: Claimant): boolean {
    if (owner.service === claimant.service || !shareEntryPoint(claimant, owner)) return false;
    if (owner.kind === "absent" && isKinOf(owner, claimant)) return false;
    return outranks(claimant, owner);
  }

  function settleThreats(): void {
    for (const broad of index.broad) {
      const others = [...(index.threats.get(broad) ?? []), ...standIns.filter((gone) => threatens(broad, gone))];
      if (others.length === 0 || broad.kind !== "service" || refused.has(broad)) continue;
      for (const other of others.sort(bySeniority)) {
        if (refused.has(other)) continue;
        const verdict = judgeThreat(broad, other);
        if (verdict === "shadows" && other.kind === "service") noteShadow(other, broad);
        if (verdict !== "refused") continue;
        refused.set(broad, { winner: other, why: { kind: "outranks" } });
        break;
      }
    }
    for (const [other, broad] of shadowed) if (refused.has(broad)) shadowed.delete(other);
  }

  /** One is enough to be told of: the one that leaves nothing, else the oldest. */
  function noteShadow(other: Claimant, broad: Claimant): void {
    const known = shadowed.get(other);
    const isWorse =
      known === undefined ||
      Number(takesAll(known, other)) - Number(takesAll(broad, other)) < 0 ||
      (takesAll(known, other) === takesAll(broad, other) && bySeniority(broad, known) < 0);
    if (isWorse) shadowed.set(other, broad);
  }

  function judgeThreat(broad: Claimant, other: Claimant): "refused" | "shadows" | "harmless" {
    const takes = takesAll(broad, other);
    if (other.kind === "operator") return takes ? "refused" : "harmless";
    if (isKinOf(broad, other) && (!takes || other.kind === "absent")) return "harmless";
    if (takesAllBlindly(broad, other)) return "refused";
    const isOlder = wasPublished(broad, past) || (!wasPublished(other, past) && bySeniority(broad, other) < 0);
    return isOlder ? "shadows" : "refused";
  }

  /** An absent owner's router goes where its time is over and another one has its place, or where kin takes it. */
  function replacedRouters(): ReadonlySet<ResourceKey> {
    const replaced = new Set<ResourceKey>();
    for (const { claimant: gone, isKept, isPublished } of absent) {
      if (!isPublished) continue;
      const there = (one: Claimant) => one.kind === "service" && !refused.has(one) && isInTheWay(one, gone);
      const atHosts = gone.hosts.flatMap((host) => index.ofHost(host)).filter(there);
      const atSets = gone.sets.flatMap((set) => index.ofSet(set)).filter(there);
      const isReplaced =
        atHosts.some((one) => !isKept || takesAll(one, gone)) || atSets.some((one) => !isKept || isKinOf(one, gone));
      if (isReplaced) replaced.add(gone.key);
    }
    return replaced;
  }
}

const OPERATOR = -1;

function isKinOf(one: Claimant, other: Claimant): boolean {
  return areKin(one.sharingGroup, other.sharingGroup);
}

/** A host belongs to one owner at all entry points of HTTP; a TCP router is concerned only with its own entry points. */
function isInTheWay(one: Claimant, other: Claimant): boolean {
  return (one.protocol === "http" && other.protocol === "http") || shareEntryPoint(one, other);
}

function firstOf<Item, Found>(items: Iterable<Item>, find: (item: Item) => Found | undefined): Found | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
