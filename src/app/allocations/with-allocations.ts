import { registrationKey } from "../../core/catalog/address-key.ts";
import { type AllocationWord, allocationIdOf } from "../../core/catalog/allocation.ts";
import { lastOfServices } from "../../core/catalog/last-of-services.ts";
import type { CatalogSnapshot, DepartedInstance, ServiceInstance } from "../../core/catalog/snapshot.ts";
import { changedRange } from "../../core/incremental/changed-range.ts";
import { isSameList } from "../../core/incremental/same-list.ts";
import type { CatalogSource } from "../../sources/catalog/source.ts";
import type { Allocations } from "./allocations.ts";
import type { AskingCatalog } from "./asking-catalog.ts";
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
  /** What was made of the instances at the last look, in their order. */
  let said: readonly Said[] = [];
  /** Those that had left and were shown all the same. */
  let staying: readonly ServiceInstance[] = [];
  /** The allocations of which there is news since the last look. */
  let news: Set<string> | "any" = new Set();
  // News of many allocations comes in many answers, one after the other.
  const lookSoon = paced(look);

  /** Looks at the catalog as it is, asks for what is new, and builds the snapshot anew where it would differ. */
  function look(): void {
    const next = source.snapshot();
    if (next === undefined) return;
    if (next !== base) allocations.use(catalog, next.instances);
    const before = base?.instances ?? [];
    const moved = movedSince(before, next.instances, said);
    const charted = byRegistration([...sayingsOfLost(moved, changedRange(before, next.instances)), ...staying]);
    said = sayAll(next.instances, moved, charted);
    if (given === undefined && said.some(({ isAwaited }) => isAwaited)) {
      base = next;
      return;
    }
    // Only the last of a service may be missed.
    staying = lastOfServices(allocations.leaving(catalog), next.instances)
      .map((instance) => charted.get(registrationKey(instance)))
      .filter((instance) => instance !== undefined);
    const instances = [...said.map(({ saying }) => saying).filter((saying) => saying !== undefined), ...staying];
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

  /**
   * Only what is new or of which there is news is looked at: there may be thousands.
   *
   * @param moved what was said of those that are in another place now, or gone
   * @param charted what was said of those that are not there any more
   */
  function sayAll(
    instances: readonly ServiceInstance[],
    moved: ReadonlyMap<ServiceInstance, Said>,
    charted: ReadonlyMap<string, ServiceInstance>,
  ): readonly Said[] {
    const earlier = said;
    const shift = instances.length - earlier.length;
    const fresh = news;
    news = new Set();
    return instances.map((instance, at) => {
      // Mostly in the same place, counted from the beginning or from the end.
      const inPlace = earlier[at]?.instance === instance ? earlier[at] : earlier[at - shift];
      const before = inPlace?.instance === instance ? inPlace : moved.get(instance);
      if (before !== undefined && !before.isAwaited && !isOf(fresh, before.id)) return before;
      return sayOne(instance, before, charted);
    });
  }

  function sayOne(
    instance: ServiceInstance,
    before: Said | undefined,
    charted: ReadonlyMap<string, ServiceInstance>,
  ): Said {
    const id = before === undefined ? allocationIdOf(instance.id) : before.id;
    const isAwaited = id !== undefined && allocations.isAwaited(catalog, instance);
    const shown = before?.saying ?? (isAwaited ? charted.get(registrationKey(instance)) : undefined);
    if (isAwaited && shown === undefined) return { instance, id, isAwaited, saying: undefined };
    const word = isAwaited ? shown?.allocation : allocations.wordOf(catalog, instance);
    return { instance, id, isAwaited, saying: saying(instance, word, before?.saying) };
  }

  allocations.onNews((ids) => {
    if (ids === undefined) news = "any";
    else if (news !== "any") for (const id of ids) news.add(id);
    lookSoon();
  });
  source.onAllocationHint?.(allocations.hinted);
  return {
    source: {
      ...source,
      snapshot() {
        if (source.snapshot() !== base) look();
        return given;
      },
      state() {
        const { health: wanted } = catalog;
        if (wanted === "none") return source.state();
        return { ...source.state(), health: { wanted, used: allocations.healthInUse(catalog) } };
      },
      async recall(instances) {
        allocations.recall(catalog, instances);
        news = "any";
        lookSoon();
        await source.recall?.(instances);
      },
    },
    changed: lookSoon,
  };
}

/** What is said of an instance of the catalog. */
interface Said {
  readonly instance: ServiceInstance;
  /** Of its allocation; undefined where it names none. */
  readonly id: string | undefined;
  readonly isAwaited: boolean;
  /** Undefined while it is left out. */
  readonly saying: ServiceInstance | undefined;
}

function isOf(news: ReadonlySet<string> | "any", id: string | undefined): boolean {
  return id !== undefined && (news === "any" || news.has(id));
}

/** What was said of the instances between a beginning and an end that have stayed the same. */
function movedSince(
  before: readonly ServiceInstance[],
  now: readonly ServiceInstance[],
  said: readonly Said[],
): ReadonlyMap<ServiceInstance, Said> {
  const range = new Set(changedRange(now, before));
  if (range.size === 0) return new Map();
  return new Map(said.filter(({ instance }) => range.has(instance)).map((one) => [one.instance, one]));
}

/** What was said of those that are not there any more: in no other place, either. */
function sayingsOfLost(
  moved: ReadonlyMap<ServiceInstance, Said>,
  come: readonly ServiceInstance[],
): readonly ServiceInstance[] {
  const lost = new Map(moved);
  for (const instance of come) lost.delete(instance);
  return Array.from(lost.values(), ({ saying }) => saying).filter((saying) => saying !== undefined);
}

function byRegistration(instances: readonly ServiceInstance[]): ReadonlyMap<string, ServiceInstance> {
  return new Map(instances.map((one) => [registrationKey(one), one]));
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

/** The instance with the word for its allocation: the same object as before as long as the word is the same. */
function saying(
  instance: ServiceInstance,
  word: AllocationWord | undefined,
  before: ServiceInstance | undefined,
): ServiceInstance {
  if (word === undefined) return instance;
  const isSame = before !== undefined && JSON.stringify(before.allocation) === JSON.stringify(word);
  return isSame ? before : { ...instance, allocation: word };
}
