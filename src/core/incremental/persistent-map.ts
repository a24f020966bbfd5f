/**
 * A map from texts that never changes. An edit of it makes another map that shares with it all but the latest changes: one
 * change among thousands of entries costs microseconds, and both maps stay valid. The order of the entries has no meaning.
 */
export interface PersistentMap<Value> {
  readonly size: number;
  get(key: string): Value | undefined;
  keys(): Iterable<string>;
  values(): Iterable<Value>;
  edit(): PersistentMapEdit<Value>;
}

/** Changes to a persistent map, which itself stays as it is. */
export interface PersistentMapEdit<Value> {
  /** The map with the changes so far. */
  readonly draft: Pick<PersistentMap<Value>, "get" | "keys" | "values">;
  /** Undefined takes the key out. */
  put(key: string, value: Value | undefined): void;
  /** The map with all changes; the very map that was edited where there are none. To be called once, at the end. */
  result(): PersistentMap<Value>;
}

/** What many maps share, and what one of them has changed since: undefined stands for a key that is gone. */
interface Layers<Value> {
  readonly shared: ReadonlyMap<string, Value>;
  readonly changed: ReadonlyMap<string, Value | undefined>;
}

/** With more changes than this, and than the root of the number of entries, a map is copied as a whole. */
const FEW_CHANGES = 32;

/** A persistent map without entries. */
export function emptyPersistentMap<Value>(): PersistentMap<Value> {
  return persistentMapOf<Value>(new Map());
}

/** A persistent map of these entries. The map must not be changed any more. */
export function persistentMapOf<Value>(entries: ReadonlyMap<string, Value>): PersistentMap<Value> {
  return persistentMap<Value>({ shared: entries, changed: new Map() }, entries.size);
}

function persistentMap<Value>(layers: Layers<Value>, size: number): PersistentMap<Value> {
  const map: PersistentMap<Value> = { ...entriesOf(() => layers), size, edit: () => editOf(map, layers) };
  return map;
}

function entriesOf<Value>(layers: () => Layers<Value>): PersistentMapEdit<Value>["draft"] {
  return {
    get: (key) => valueIn(layers(), key),
    *keys() {
      const { shared, changed } = layers();
      for (const key of shared.keys()) if (!changed.has(key)) yield key;
      for (const [key, value] of changed) if (value !== undefined) yield key;
    },
    *values() {
      const { shared, changed } = layers();
      for (const [key, value] of shared) if (!changed.has(key)) yield value;
      for (const value of changed.values()) if (value !== undefined) yield value;
    },
  };
}

function valueIn<Value>({ shared, changed }: Layers<Value>, key: string): Value | undefined {
  return changed.get(key) ?? (changed.has(key) ? undefined : shared.get(key));
}

function editOf<Value>(map: PersistentMap<Value>, before: Layers<Value>): PersistentMapEdit<Value> {
  const { shared } = before;
  let size = map.size;
  let own: Map<string, Value | undefined> | undefined;
  let layers = before;
  return {
    draft: entriesOf(() => layers),
    put(key, value) {
      const known = valueIn(layers, key);
      if (known === value) return;
      if (own === undefined) {
        own = new Map(before.changed);
        layers = { shared, changed: own };
      }
      own.set(key, value);
      size += Number(value !== undefined) - Number(known !== undefined);
    },
    result: () => (own === undefined ? map : persistentMap(settled(layers), size)),
  };
}

/** The same entries, in one layer where many of them have changed. */
function settled<Value>(layers: Layers<Value>): Layers<Value> {
  const { shared, changed } = layers;
  if (changed.size <= FEW_CHANGES || changed.size ** 2 <= shared.size) return layers;
  const all = new Map(shared);
  for (const [key, value] of changed) {
    if (value === undefined) all.delete(key);
    else all.set(key, value);
  }
  return { shared: all, changed: new Map() };
}
