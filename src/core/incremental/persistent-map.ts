/**
 * A map from texts that never changes. An edit of it makes another map that shares with it all but the buckets that were
 * changed: one change among thousands of entries costs microseconds, and both maps stay valid. The order of the entries
 * has no meaning.
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

/** Some ten entries a bucket at 5,000 services: copying one bucket and the list of buckets costs about the same. */
const BUCKETS = 512;

type Bucket<Value> = ReadonlyMap<string, Value>;

/** A persistent map without entries. */
export function emptyPersistentMap<Value>(): PersistentMap<Value> {
  return persistentMap<Value>(new Array<Bucket<Value>>(BUCKETS).fill(new Map()), 0);
}

function persistentMap<Value>(buckets: readonly Bucket<Value>[], size: number): PersistentMap<Value> {
  const map: PersistentMap<Value> = { ...entriesIn(() => buckets), size, edit: () => editOf(map, buckets) };
  return map;
}

function entriesIn<Value>(buckets: () => readonly Bucket<Value>[]): PersistentMapEdit<Value>["draft"] {
  return {
    get: (key) => buckets()[bucketOf(key)]?.get(key),
    *keys() {
      for (const bucket of buckets()) yield* bucket.keys();
    },
    *values() {
      for (const bucket of buckets()) yield* bucket.values();
    },
  };
}

function editOf<Value>(map: PersistentMap<Value>, before: readonly Bucket<Value>[]): PersistentMapEdit<Value> {
  let size = map.size;
  let copy: Bucket<Value>[] | undefined;
  /** Buckets that are this edit's own, by their position. */
  const own = new Map<number, Map<string, Value>>();
  return {
    draft: entriesIn(() => copy ?? before),
    put(key, value) {
      const position = bucketOf(key);
      let bucket = own.get(position);
      if (bucket === undefined) {
        if (before[position]?.get(key) === value) return;
        bucket = new Map(before[position]);
        own.set(position, bucket);
        copy ??= [...before];
        copy[position] = bucket;
      }
      size -= bucket.size;
      if (value === undefined) bucket.delete(key);
      else bucket.set(key, value);
      size += bucket.size;
    },
    result: () => (copy === undefined ? map : persistentMap(copy, size)),
  };
}

function bucketOf(key: string): number {
  let hash = 0;
  for (let at = 0; at < key.length; at += 1) hash = (Math.imul(hash, 31) + key.charCodeAt(at)) | 0;
  return (hash ^ (hash >>> 16)) & (BUCKETS - 1);
}
