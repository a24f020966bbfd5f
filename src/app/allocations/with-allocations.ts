import { registrationKey } from "../../core/catalog/address-key.ts";
import type { AllocationWord } from "../../core/catalog/allocation.ts";
import {
  type CatalogSnapshot,
  type DepartedInstance,
  type ServiceInstance,
  serviceKey,
} from "../../core/catalog/snapshot.ts";
import { memoize } from "../../core/incremental/memoize.ts";
import { isSameList } from "../../core/incremental/same-list.ts";
import type { CatalogSource } from "../../sources/catalog/source.ts";
import type { Allocations, AskingCatalog } from "./allocations.ts";
import { paced } from "./paced.ts";

/** A catalog's source, and what the source must call in place of the callback that is told of changes. */
export interface SourceWithAllocations {
  readonly source: CatalogSource;
  /** The catalog has changed, or may have. */
  changed(): void;
}

/**
 * A source whose instances say what a Nomad knows of their allocation. A new instance is left out while its Nomad is asked for
 * it, since it may be a canary that must not take over, or not work yet; one that is charted stays what it was. When the last
 * of a service leaves, it stays until its Nomad says whether it has stopped it. Nothing else waits for an answer, and none of
 * these for longer than patience lasts. Before the first answer there is no snapshot, so that a first chart does not have to
 * be taken back.
 *
 * @param changed told when the snapshot is another one
 */
export function withAllocations(
  catalog: AskingCatalog,
  source: CatalogSource,
  allocations: Allocations,
  changed: () => void,
): SourceWithAllocations {
  let base: CatalogSnapshot | undefined;
  let given: CatalogSnapshot | undefined;
  // With thousands of instances a look takes some milliseconds, and each answer about an allocation calls for one.
  const lookSoon = paced(look);

  /** Looks at the catalog as it is, asks for what is new, and builds the snapshot anew where it would differ. */
  function look(): void {
    const next = source.snapshot();
    if (next === undefined) return;
    if (next !== base) allocations.use(catalog, next.instances);
    const charted = byRegistration(given?.instances ?? []);
    const instances: ServiceInstance[] = [];
    for (const instance of next.instances) {
      const before = charted.get(registrationKey(instance));
      if (!allocations.isAwaited(catalog, instance)) {
        instances.push(saying(instance, allocations.wordOf(catalog, instance)));
      } else if (before !== undefined) {
        instances.push(saying(instance, before.allocation));
      } else if (given === undefined) {
        base = next;
        return;
      }
    }
    instances.push(...lastOfTheirServices(allocations.leaving(catalog), next.instances, charted));
    const isSame = given !== undefined && isSameList(given.instances, instances);
    const departed = allocations.departed(catalog);
    const isNews =
      base === undefined || !isSame || !isSameApart(base, next) || !isSameDepartures(given?.departed, departed);
    if (next === base && !isNews) return;
    base = next;
    given = {
      ...next,
      instances: isSame && given !== undefined ? given.instances : instances,
      ...(departed.length === 0 ? {} : { departed }),
    };
    if (isNews) changed();
  }

  allocations.onNews(lookSoon);
  source.onAllocationHint?.(allocations.hinted);
  return {
    source: {
      ...source,
      snapshot() {
        if (source.snapshot() !== base) look();
        return given;
      },
      async recall(instances) {
        allocations.recall(catalog, instances);
        lookSoon();
        await source.recall?.(instances);
      },
    },
    changed: lookSoon,
  };
}

const byRegistration = memoize(
  (instances: readonly ServiceInstance[]) => new Map(instances.map((one) => [registrationKey(one), one] as const)),
);

/** Of those that are leaving, as they were charted, those whose service has nothing else: only these may be missed. */
function lastOfTheirServices(
  leaving: readonly ServiceInstance[],
  present: readonly ServiceInstance[],
  charted: ReadonlyMap<string, ServiceInstance>,
): readonly ServiceInstance[] {
  if (leaving.length === 0) return [];
  const services = new Set(present.map(serviceKey));
  return leaving
    .filter((instance) => !services.has(serviceKey(instance)))
    .map((instance) => charted.get(registrationKey(instance)))
    .filter((instance) => instance !== undefined);
}

function isSameDepartures(one: readonly DepartedInstance[] = [], other: readonly DepartedInstance[]): boolean {
  return one.length === other.length && JSON.stringify(one) === JSON.stringify(other);
}

/** Whether two snapshots say the same of the catalog itself. */
function isSameApart(one: CatalogSnapshot, other: CatalogSnapshot): boolean {
  const { instances: _, ...rest } = one;
  const { instances: __, ...otherRest } = other;
  return JSON.stringify(rest) === JSON.stringify(otherRest);
}

/** The instance with the word for its allocation: the same object as long as the word is the same. */
function saying(instance: ServiceInstance, word: AllocationWord | undefined): ServiceInstance {
  return word === undefined ? instance : sayer(instance)(JSON.stringify(word), word);
}

const sayer = memoize((instance: ServiceInstance) => {
  let known: { readonly text: string; readonly saying: ServiceInstance } | undefined;
  return (text: string, allocation: AllocationWord): ServiceInstance => {
    if (known?.text !== text) known = { text, saying: { ...instance, allocation } };
    return known.saying;
  };
});
