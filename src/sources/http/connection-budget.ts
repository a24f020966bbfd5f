/** What a permit is for: a long poll occupies its connection until the catalog answers, a plain read for a moment. */
export type RequestKind = "read" | "poll";

/** What Consul and Nomad call the limit of connections from one client address. */
export const CONNECTION_LIMIT = "limits.http_max_conns_per_client";

/** The catalog refuses connections, although others are answered: it allows a client address so many. */
export interface Shortage {
  /** How many connections are used at a time until it is over. */
  readonly allowed: number;
  readonly sinceMs: number;
}

/** Counted permits for requests in flight. */
export interface ConnectionBudget {
  /** Connections at a time, at most. */
  readonly size: number;
  /** Connections at a time for now: fewer than `size` after a refusal. */
  readonly allowed: number;
  /** Requests at a time, at most: over plain HTTP/1.1 each long poll occupies a connection, over HTTP/2 hundreds share one. */
  readonly capacity: number;
  readonly inUse: number;
  readonly shortage: Shortage | undefined;
  /** More long polls wait for a permit: those that have one should give it back soon. */
  readonly isCrowded: boolean;
  /**
   * Runs `work` while holding a permit; waits for one where none is free. Reads go first. `leave` says that the request is
   * left to its end although its answer is wanted no more: its connection counts until then.
   */
  spend<T>(kind: RequestKind, work: (leave: () => void) => Promise<T>): Promise<T>;
  /** A request in flight got no connection while others are answered: from now on fewer are used. */
  refused(): void;
  /** Calls back when a shortage begins and, with undefined, when it is over; one listener. */
  onShortage(listener: (shortage: Shortage | undefined) => void): void;
}

export interface ConnectionBudgetOptions {
  /** Asked at each use, since only a connection tells which protocol it speaks. */
  requestsPerConnection?(): number;
  nowMs?(): number;
}

/** After so long without a refusal a few more are tried. */
const GROW_AFTER_MS = 60_000;
/** Of the connections that were granted, one of so many is left to the other programs on this machine. */
const LEFT_TO_OTHERS = 4;

export function createConnectionBudget(
  size: number,
  { requestsPerConnection = () => 1, nowMs = () => performance.now() }: ConnectionBudgetOptions = {},
): ConnectionBudget {
  const inUse: Record<RequestKind, number> = { read: 0, poll: 0 };
  let left = 0;
  const waiting: Record<RequestKind, Array<() => void>> = { read: [], poll: [] };
  let allowed = size;
  let movedAtMs = 0;
  let sinceMs = 0;
  let told: (shortage: Shortage | undefined) => void = () => {};
  const total = () => inUse.read + inUse.poll + left;
  const room = () => allowed * requestsPerConnection();

  /** One read at least goes beside the polls that hold everything, unless there is one connection only. */
  function mayRead(): boolean {
    return total() < room() || (allowed < size && inUse.read === 0 && inUse.poll > 1);
  }

  /** One poll at least goes beside those that were left to their end. */
  function mayPoll(): boolean {
    if (total() >= room()) return false;
    return inUse.poll + left < room() - keptForReads(room()) || (inUse.poll === 0 && left > 0);
  }

  function admitAll(kind: RequestKind, may: () => boolean): void {
    while (waiting[kind].length > 0 && may()) {
      inUse[kind] += 1;
      waiting[kind].shift()?.();
    }
  }

  function admit(): void {
    admitAll("read", mayRead);
    admitAll("poll", mayPoll);
  }

  function shortage(): Shortage | undefined {
    return allowed < size ? { allowed, sinceMs } : undefined;
  }

  function growAfterAWhile(): void {
    if (allowed === size || nowMs() - movedAtMs < GROW_AFTER_MS) return;
    movedAtMs = nowMs();
    allowed = Math.min(size, allowed + Math.max(1, Math.floor(allowed / LEFT_TO_OTHERS)));
    if (allowed === size) told(undefined);
  }

  return {
    size,
    get allowed() {
      return allowed;
    },
    get capacity() {
      return size * requestsPerConnection();
    },
    get inUse() {
      return inUse.read + inUse.poll;
    },
    get shortage() {
      return shortage();
    },
    get isCrowded() {
      return waiting.poll.length > 0;
    },
    async spend(kind, work) {
      await new Promise<void>((resolve) => {
        waiting[kind].push(resolve);
        admit();
      });
      let isLeft = false;
      const leave = (): void => {
        if (isLeft) return;
        isLeft = true;
        inUse[kind] -= 1;
        left += 1;
        admit();
      };
      try {
        return await work(leave);
      } finally {
        if (isLeft) left -= 1;
        else inUse[kind] -= 1;
        growAfterAWhile();
        admit();
      }
    },
    refused() {
      // Over HTTP/2 a refusal of a request says nothing about connections.
      if (requestsPerConnection() > 1) return;
      movedAtMs = nowMs();
      const isFirst = allowed === size;
      allowed = Math.min(allowed, withoutOthersShare(total() - 1));
      if (!isFirst) return;
      sinceMs = movedAtMs;
      told(shortage());
    },
    onShortage(listener) {
      told = listener;
    },
  };
}

/** Of so many requests at a time, these are never long polls. */
function keptForReads(requests: number): number {
  if (requests >= 8) return 2;
  return requests >= 2 ? 1 : 0;
}

function withoutOthersShare(granted: number): number {
  if (granted <= 1) return 1;
  return granted - Math.max(1, Math.floor(granted / LEFT_TO_OTHERS));
}
