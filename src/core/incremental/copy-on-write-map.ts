/** Changes to a map, which itself stays as it is. */
export interface CopyOnWriteMap<Key, Value> {
  /** Undefined takes the key out. */
  put(key: Key, value: Value | undefined): void;
  /** The map with the changes so far; the very map that was given where there are none. */
  result(): ReadonlyMap<Key, Value>;
}

/** Copies the map at its first change: thousands of entries are not copied for nothing. */
export function copyOnWrite<Key, Value>(map: ReadonlyMap<Key, Value>): CopyOnWriteMap<Key, Value> {
  let copy: Map<Key, Value> | undefined;
  return {
    put(key, value) {
      if ((copy ?? map).get(key) === value) return;
      copy ??= new Map(map);
      if (value === undefined) copy.delete(key);
      else copy.set(key, value);
    },
    result: () => copy ?? map,
  };
}
