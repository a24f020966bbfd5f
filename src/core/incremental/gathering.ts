import { foundIn } from "./found-in.ts";
import { memoize } from "./memoize.ts";

/**
 * Gathers what a pure function says of the values of a map, in the order of the map: of few of thousands anything, as a rule.
 * Of a map that was made of one that is known only the changed entries are looked at.
 */
export function gathering<Key, Value, Item>(
  say: (value: Value, key: Key) => readonly Item[],
): (map: ReadonlyMap<Key, Value>) => readonly Item[] {
  const foundBy = foundIn((value: Value, key: Key) => {
    const said = say(value, key);
    return said.length === 0 ? undefined : said;
  });
  return memoize((map) => {
    const found = foundBy(map);
    if (found.size <= 1) return [...found.values()].flat();
    const gathered: Item[] = [];
    for (const key of map.keys()) for (const item of found.get(key) ?? []) gathered.push(item);
    return gathered;
  });
}
