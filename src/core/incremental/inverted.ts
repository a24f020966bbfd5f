import { memoizeByLineage } from "./lineage.ts";
import { emptyPersistentMap, type PersistentMap } from "./persistent-map.ts";
import { isSameList } from "./same-list.ts";

/** Text → the keys of the entries that have it. */
export type Inverted = Pick<PersistentMap<ReadonlySet<string>>, "get" | "size">;

interface Index {
  /** Key → the texts of its entry. */
  readonly texts: PersistentMap<readonly string[]>;
  readonly keys: PersistentMap<ReadonlySet<string>>;
}

/**
 * Finds the entries of a map by texts that a pure function finds in them. Of a map that was made of one that is known only the
 * changed entries are looked at.
 *
 * @param textsOf those of an entry, each once
 */
export function inverted<Value>(
  textsOf: (value: Value) => readonly string[],
): (map: ReadonlyMap<string, Value>) => Inverted {
  function correct(known: Index, map: ReadonlyMap<string, Value>, changed: Iterable<string>): Index {
    const texts = known.texts.edit();
    const keys = known.keys.edit();
    const own = new Map<string, Set<string>>();
    const keysOf = (text: string): Set<string> => {
      const known = own.get(text);
      if (known !== undefined) return known;
      const copy = new Set(keys.draft.get(text));
      own.set(text, copy);
      return copy;
    };
    for (const key of changed) {
      const value = map.get(key);
      const before = known.texts.get(key) ?? NONE;
      const now = value === undefined ? NONE : textsOf(value);
      if (isSameList(before, now)) continue;
      texts.put(key, now.length === 0 ? undefined : now);
      for (const text of before) keysOf(text).delete(key);
      for (const text of now) keysOf(text).add(key);
    }
    for (const [text, all] of own) keys.put(text, all.size === 0 ? undefined : all);
    return { texts: texts.result(), keys: keys.result() };
  }
  const nothing = { texts: emptyPersistentMap<readonly string[]>(), keys: emptyPersistentMap<ReadonlySet<string>>() };
  const index = memoizeByLineage((map: ReadonlyMap<string, Value>) => correct(nothing, map, map.keys()), correct);
  return (map) => index(map).keys;
}

const NONE: readonly string[] = [];
