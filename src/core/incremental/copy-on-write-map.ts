import { draftOf, settled } from "./layered-map.ts";
import { noteChanges } from "./lineage.ts";

/** Changes to a map, which itself stays as it is. */
export interface CopyOnWriteMap<Key, Value> {
  /** With the changes so far. */
  get(key: Key): Value | undefined;
  /** Undefined takes the key out. */
  put(key: Key, value: Value | undefined): void;
  /** The map with the changes so far; the very map that was given where there are none. */
  result(): ReadonlyMap<Key, Value>;
}

/**
 * Leaves a map of thousands of entries uncopied while few of them change: the result shares the others with it. What has
 * changed is noted, so that others need not look for it. No value is undefined.
 */
export function copyOnWrite<Key, Value>(map: ReadonlyMap<Key, Value>): CopyOnWriteMap<Key, Value> {
  let handedOut = map;
  let copy: ReturnType<typeof draftOf<Key, Value>> | undefined;
  const changed = new Set<Key>();
  const get = (key: Key) => (copy ?? handedOut).get(key);
  return {
    get,
    put(key, value) {
      if (get(key) === value) return;
      copy = settled(copy ?? draftOf(handedOut));
      changed.add(key);
      if (value === undefined) copy.delete(key);
      else copy.set(key, value);
    },
    result() {
      if (copy === undefined) return handedOut;
      noteChanges(copy, handedOut, changed);
      handedOut = copy;
      copy = undefined;
      changed.clear();
      return handedOut;
    },
  };
}
