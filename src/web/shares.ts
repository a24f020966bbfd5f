/**
 * Things that clients hold, the oldest first, so that no client has all of them while another wants one. What is taken is no
 * longer among them: of many clients that come at once each takes another.
 */
export interface Shares<Held> {
  readonly size: number;
  add(client: string, held: Held): void;
  /** Does nothing where it was taken already. */
  delete(client: string, held: Held): void;
  /**
   * Takes the oldest that the client with the most holds.
   *
   * @param mayGo which may be taken: the client is the one with the most of those who hold such a one
   */
  takeOldest(mayGo?: (held: Held) => boolean): Held | undefined;
  /** Takes the oldest of the client with the most, where that one holds at least two more than this one. */
  takeOldestOfGreedierThan(client: string): Held | undefined;
  [Symbol.iterator](): Iterator<Held>;
}

export function createShares<Held>(): Shares<Held> {
  const byClient = new Map<string, Set<Held>>();
  let size = 0;

  function remove(client: string, held: Held): void {
    const own = byClient.get(client);
    if (own?.delete(held) !== true) return;
    size -= 1;
    if (own.size === 0) byClient.delete(client);
  }

  function take(mayGo: (held: Held) => boolean, most: number): Held | undefined {
    let found: { readonly client: string; readonly held: Held } | undefined;
    for (const [client, own] of byClient) {
      if (own.size <= most) continue;
      for (const held of own) {
        if (!mayGo(held)) continue;
        found = { client, held };
        most = own.size;
        break;
      }
    }
    if (found !== undefined) remove(found.client, found.held);
    return found?.held;
  }

  return {
    get size() {
      return size;
    },
    add(client, held) {
      const own = byClient.get(client) ?? new Set();
      byClient.set(client, own);
      if (own.has(held)) return;
      own.add(held);
      size += 1;
    },
    delete: remove,
    takeOldest: (mayGo = () => true) => take(mayGo, 0),
    takeOldestOfGreedierThan: (client) => take(() => true, (byClient.get(client)?.size ?? 0) + 1),
    *[Symbol.iterator]() {
      for (const held of byClient.values()) yield* held;
    },
  };
}
