import { believedAllocation } from "../catalog/believed-allocation.ts";
import type { LedgerEntry, PortScope } from "./ledger/ledger.ts";
import { isOwner } from "./ledger/owner.ts";
import type { Registration } from "./registration.ts";

/** Undefined: what no other has. */
type Trait = (one: Registration) => string | undefined;

const serviceOf: Trait = ({ instance }) => `${instance.namespace}\n${instance.service}`;
const allocationOf: Trait = ({ instance }) => believedAllocation(instance);
const nodeOf: Trait = ({ node }) => node;
const addressOf: Trait = ({ node, address }) => `${node}\n${address}`;

/**
 * Is any of these a rival (see `areRivals`) of any of the others, so that no entry is about both? All of them are of one port and
 * protocol, of one node or of all. It counts, in place of comparing each with each: one port may be registered thousands of
 * times.
 */
export function haveRivals(
  ones: readonly Registration[],
  others: readonly Registration[],
  { entries, scope }: { readonly entries: readonly LedgerEntry[]; readonly scope: PortScope },
): boolean {
  if (ones.length === 0 || others.length < 2) return false;
  const byEntries = byOwnEntries(others, entries);
  return byOwnEntries(ones, entries).some((own) =>
    byEntries.some((there) => {
      if (own.entries.some((entry) => there.entries.includes(entry))) return false;
      if (scope === "cluster" && differ(own.all.filter(holdsNode), there.all.filter(holdsNode), [nodeOf])) return true;
      const byAddress = Map.groupBy(there.all, addressOf);
      return [...Map.groupBy(own.all, addressOf)].some(([at, here]) => differ(here, byAddress.get(at) ?? [], []));
    }),
  );
}

function holdsNode({ isInside }: Registration): boolean {
  return !isInside;
}

interface OwnersOf {
  readonly entries: readonly LedgerEntry[];
  readonly all: readonly Registration[];
}

/** Those together of which the same entries are about. */
function byOwnEntries(all: readonly Registration[], entries: readonly LedgerEntry[]): readonly OwnersOf[] {
  const groups = new Map<string, { entries: readonly LedgerEntry[]; all: Registration[] }>();
  for (const same of Map.groupBy(all, serviceOf).values()) {
    const [first] = same;
    const own = entries.filter((entry) => first !== undefined && isOwner(entry, first.instance));
    const key = own.map((entry) => entries.indexOf(entry)).join();
    const group = groups.get(key) ?? { entries: own, all: [] };
    for (const one of same) group.all.push(one);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/**
 * Do any two of them differ in service, allocation and each of these traits? Of the others, so many share at least one trait with
 * one: those that share one trait, less those that share two, and so on.
 */
function differ(ones: readonly Registration[], others: readonly Registration[], traits: readonly Trait[]): boolean {
  const counted = combinations([serviceOf, allocationOf, ...traits]).map((combined) => {
    const keyOf = keyBy(combined);
    const counts = new Map<string, number>();
    for (const key of others.map(keyOf)) if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1);
    return { keyOf, counts, sign: combined.length % 2 === 1 ? 1 : -1 };
  });
  return ones.some((one) => {
    const shared = counted.map(({ keyOf, counts, sign }) => sign * (counts.get(keyOf(one) ?? "") ?? 0));
    return shared.reduce((sum, count) => sum + count, 0) < others.length;
  });
}

/** Every choice of one or more of them. */
function combinations([first, ...rest]: readonly Trait[]): readonly (readonly Trait[])[] {
  if (first === undefined) return [];
  const others = combinations(rest);
  return [[first], ...others, ...others.map((few) => [first, ...few])];
}

function keyBy(traits: readonly Trait[]): Trait {
  return (one) => {
    const values = traits.map((trait) => trait(one));
    return values.includes(undefined) ? undefined : JSON.stringify(values);
  };
}
