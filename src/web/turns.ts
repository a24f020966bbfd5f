/**
 * One after the other, each in a turn of the event loop of its own, so that timers, passes and the connections of others come in
 * between. Clients take turns, too: one that waits for very many answers does not keep another from its first.
 */
export interface Turns {
  /** Resolves when it is this client's turn. */
  next(client: string): Promise<void>;
}

export function createTurns(): Turns {
  /** Of each client the oldest first; the client whose turn is next comes first. */
  const waiting = new Map<string, (() => void)[]>();

  function turn(): void {
    const [first] = waiting;
    if (first === undefined) return;
    const [client, [begin, ...others]] = first;
    waiting.delete(client);
    if (others.length > 0) waiting.set(client, others);
    if (waiting.size > 0) setImmediate(turn);
    begin?.();
  }

  return {
    next: (client) =>
      new Promise((resolve) => {
        if (waiting.size === 0) setImmediate(turn);
        waiting.set(client, [...(waiting.get(client) ?? []), resolve]);
      }),
  };
}
