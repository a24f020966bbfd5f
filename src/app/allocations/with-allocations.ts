import type { CatalogSnapshot, ServiceInstance } from "../../core/catalog/snapshot.ts";
import { memoize } from "../../core/incremental/memoize.ts";
import { isSameList } from "../../core/incremental/same-list.ts";
import type { CatalogSource } from "../../sources/catalog/source.ts";
import type { Allocations } from "./allocations.ts";

/** A catalog's source, and what the source must call in place of the callback that is told of changes. */
export interface SourceWithAllocations {
  readonly source: CatalogSource;
  /** The catalog has changed, or may have. */
  changed(): void;
}

/**
 * A source whose instances say what a Nomad knows of their allocation. An instance whose allocation is being asked for is
 * left out for that moment, since it may be a canary that must not take over; nothing else waits for the answer. Before the
 * first answer there is no snapshot, so that a first chart does not have to be taken back.
 *
 * @param changed told when the snapshot is another one
 */
export function withAllocations(
  catalog: string,
  source: CatalogSource,
  allocations: Allocations,
  changed: () => void,
): SourceWithAllocations {
  let base: CatalogSnapshot | undefined;
  let given: CatalogSnapshot | undefined;
  let isLooking = false;

  /** Looks at the catalog as it is, asks for what is new, and builds the snapshot anew where it would differ. */
  function look(): void {
    isLooking = false;
    const next = source.snapshot();
    if (next === undefined) return;
    if (next !== base) allocations.use(catalog, next.instances);
    const areAwaited = next.instances.filter((instance) => !allocations.isAwaited(instance));
    if (given === undefined && areAwaited.length < next.instances.length) {
      base = next;
      return;
    }
    const instances = areAwaited.map((instance) => saying(instance, allocations));
    const isSame = given !== undefined && isSameList(given.instances, instances);
    if (next === base && isSame) return;
    const isNews = base === undefined || !isSame || !isSameApart(base, next);
    base = next;
    given = isSame && given !== undefined ? { ...next, instances: given.instances } : { ...next, instances };
    if (isNews) changed();
  }

  function lookSoon(): void {
    if (isLooking) return;
    isLooking = true;
    setImmediate(look);
  }

  allocations.onNews(lookSoon);
  return {
    source: {
      ...source,
      snapshot() {
        if (source.snapshot() !== base) look();
        return given;
      },
      async recall(instances) {
        allocations.recall(instances);
        lookSoon();
        await source.recall?.(instances);
      },
    },
    changed: lookSoon,
  };
}

/** Whether two snapshots say the same of the catalog itself. */
function isSameApart(one: CatalogSnapshot, other: CatalogSnapshot): boolean {
  const { instances: _, ...rest } = one;
  const { instances: __, ...otherRest } = other;
  return JSON.stringify(rest) === JSON.stringify(otherRest);
}

/** The instance with the word for its allocation: the same object as long as the word is the same. */
function saying(instance: ServiceInstance, allocations: Allocations): ServiceInstance {
  const word = allocations.wordOf(instance);
  return word === undefined ? instance : sayer(instance)(JSON.stringify(word), word);
}

const sayer = memoize((instance: ServiceInstance) => {
  let known: { readonly text: string; readonly saying: ServiceInstance } | undefined;
  return (text: string, allocation: NonNullable<ServiceInstance["allocation"]>): ServiceInstance => {
    if (known?.text !== text) known = { text, saying: { ...instance, allocation } };
    return known.saying;
  };
});
