/** Things that clients hold, the oldest first, so that no client has all of them while another wants one. */
export interface Shares<Held> {
  readonly size: number;
  add(client: string, held: Held): void;
  delete(client: string, held: Held): void;
  /** The oldest that the client with the most holds. */
  oldestOfGreediest(): Held | undefined;
  /** The same, where that client holds at least two more than this one. */
  oldestOfGreedierThan(client: string): Held | undefined;
  [Symbol.iterator](): Iterator<Held>;
}

export function createShares<Held>(): Shares<Held> {
  const byClient = new Map<string, Set<Held>>();
  let size = 0;

  function greediest(): ReadonlySet<Held> {
    let most: ReadonlySet<Held> = new Set();
    for (const held of byClient.values()) if (held.size > most.size) most = held;
    return most;
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
    delete(client, held) {
      const own = byClient.get(client);
      if (own?.delete(held) !== true) return;
      size -= 1;
      if (own.size === 0) byClient.delete(client);
    },
    oldestOfGreediest: () => greediest().values().next().value,
    oldestOfGreedierThan(client) {
      const most = greediest();
      return most.size >= (byClient.get(client)?.size ?? 0) + 2 ? most.values().next().value : undefined;
    },
    *[Symbol.iterator]() {
      for (const held of byClient.values()) yield* held;
    },
  };
}
