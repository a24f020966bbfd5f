/** Rows in the order of their keys, by code unit, as Consul sorts them. */
export interface SortedRows<Row> {
  readonly size: number;
  get(key: string): Row | undefined;
  put(key: string, row: Row): void;
  delete(key: string): void;
  /**
   * All of them. The list never changes: what is written later is seen in another one. So whatever is derived from a
   * list can be remembered by it.
   */
  rows(): readonly Row[];
}

/** With more writes than this since the last reading, sorting anew is cheaper than putting each in its place. */
const FEW_WRITES = 64;

/** No rows. Writes are noted, and the order is restored by the next reading: a world is loaded without sorting. */
export function createSortedRows<Row>(): SortedRows<Row> {
  const byKey = new Map<string, Row>();
  const written = new Set<string>();
  let keys: string[] = [];
  let rows: readonly Row[] = [];

  function sorted(): Row[] {
    keys = [];
    const list: Row[] = [];
    for (const [key, row] of [...byKey].sort(([a], [b]) => (a < b ? -1 : 1))) {
      keys.push(key);
      list.push(row);
    }
    return list;
  }

  function patched(): Row[] {
    const list = [...rows];
    for (const key of written) {
      const at = positionOf(key, keys);
      const known = keys[at] === key ? 1 : 0;
      const row = byKey.get(key);
      keys.splice(at, known, ...(row === undefined ? [] : [key]));
      list.splice(at, known, ...(row === undefined ? [] : [row]));
    }
    return list;
  }

  return {
    get size() {
      return byKey.size;
    },
    get: (key) => byKey.get(key),
    put(key, row) {
      byKey.set(key, row);
      written.add(key);
    },
    delete(key) {
      if (byKey.delete(key)) written.add(key);
    },
    rows() {
      if (written.size > 0) rows = written.size > FEW_WRITES ? sorted() : patched();
      written.clear();
      return rows;
    },
  };
}

/** Where the key is or belongs. */
function positionOf(key: string, keys: readonly string[]): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] ?? "") < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
