/** With more changes than this, and than the root of the number of entries, a map is copied as a whole. */
const FEW_CHANGES = 32;
/** A map of fewer entries is copied: that costs no more than two layers do at each look-up. */
const MANY_ENTRIES = 128;

/**
 * A map that shares all but its latest changes with another one. It is read as the same changes of a `Map` would be, in the
 * order of its entries, too: one that gets another value keeps its place, and a new one comes last.
 */
class LayeredMap<Key, Value> implements ReadonlyMap<Key, Value> {
  /** Never changed. */
  readonly shared: ReadonlyMap<Key, Value>;
  /** What has become of shared entries: undefined stands for one that is gone, be it that it came again. */
  readonly changed: Map<Key, Value | undefined>;
  /** What comes after the shared entries. */
  readonly added: Map<Key, Value>;
  size: number;

  constructor(from: ReadonlyMap<Key, Value>) {
    const isLayered = from instanceof LayeredMap;
    this.shared = isLayered ? from.shared : from;
    this.changed = new Map(isLayered ? from.changed : undefined);
    this.added = new Map(isLayered ? from.added : undefined);
    this.size = from.size;
  }

  get(key: Key): Value | undefined {
    const own = this.added.get(key) ?? this.changed.get(key);
    if (own !== undefined) return own;
    return this.changed.has(key) ? undefined : this.shared.get(key);
  }

  has(key: Key): boolean {
    return this.get(key) !== undefined;
  }

  *entries(): MapIterator<[Key, Value]> {
    const { changed } = this;
    for (const entry of this.shared) {
      const now = changed.get(entry[0]);
      if (now !== undefined) yield [entry[0], now];
      else if (!changed.has(entry[0])) yield entry;
    }
    yield* this.added;
  }

  *keys(): MapIterator<Key> {
    const { changed } = this;
    for (const key of this.shared.keys()) if (changed.get(key) !== undefined || !changed.has(key)) yield key;
    yield* this.added.keys();
  }

  *values(): MapIterator<Value> {
    for (const [, value] of this.entries()) yield value;
  }

  forEach(visit: (value: Value, key: Key, map: ReadonlyMap<Key, Value>) => void): void {
    for (const [key, value] of this.entries()) visit(value, key, this);
  }

  [Symbol.iterator](): MapIterator<[Key, Value]> {
    return this.entries();
  }

  /** For the one that makes it. */
  set(key: Key, value: Value): void {
    const isThere = this.has(key);
    if (!isThere) this.size += 1;
    // What has gone comes again as a new one does.
    if (isThere && !this.added.has(key)) this.changed.set(key, value);
    else this.added.set(key, value);
  }

  /** For the one that makes it. */
  delete(key: Key): void {
    if (!this.has(key)) return;
    this.size -= 1;
    this.added.delete(key);
    if (this.shared.has(key)) this.changed.set(key, undefined);
  }

  hasMany(): boolean {
    const count = this.changed.size + this.added.size;
    return count > FEW_CHANGES && count ** 2 > this.shared.size;
  }

  /** The same entries in one layer. */
  settled(): Map<Key, Value> {
    const all = new Map(this.shared);
    for (const [key, value] of this.changed) {
      if (value === undefined) all.delete(key);
      else all.set(key, value);
    }
    for (const [key, value] of this.added) all.set(key, value);
    return all;
  }
}

/** A map while it is made. */
type Draft<Key, Value> = ReadonlyMap<Key, Value> & {
  set(key: Key, value: Value): unknown;
  delete(key: Key): unknown;
};

/** The same entries, to be changed apart from the map. None of its values is undefined. */
export function draftOf<Key, Value>(map: ReadonlyMap<Key, Value>): Draft<Key, Value> {
  return map.size < MANY_ENTRIES ? new Map(map) : new LayeredMap(map);
}

/** The draft in one layer where many of its entries have changed, else the very draft. */
export function settled<Key, Value>(draft: Draft<Key, Value>): Draft<Key, Value> {
  return draft instanceof LayeredMap && draft.hasMany() ? draft.settled() : draft;
}
