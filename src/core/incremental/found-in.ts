import { copyOnWrite } from "./copy-on-write-map.ts";
import { memoizeByLineage } from "./lineage.ts";

/**
 * Finds the entries of a map of which a pure function says something: few of thousands, as a rule. Of a map that was made of
 * one that is known only the changed entries are looked at. They come in no particular order.
 *
 * @param find what there is to say of an entry; undefined for nothing
 */
export function foundIn<Key, Value, Found>(
  find: (value: Value, key: Key) => Found | undefined,
): (map: ReadonlyMap<Key, Value>) => ReadonlyMap<Key, Found> {
  const correct = (known: ReadonlyMap<Key, Found>, map: ReadonlyMap<Key, Value>, keys: Iterable<Key>) => {
    const found = copyOnWrite(known);
    for (const key of keys) {
      const value = map.get(key);
      found.put(key, value === undefined ? undefined : find(value, key));
    }
    return found.result();
  };
  return memoizeByLineage((map) => correct(new Map(), map, map.keys()), correct);
}
