import type { Clock } from "../../base/clock.ts";
import type { Answer } from "./answer.ts";
import type { CatalogRequest, CatalogResponse } from "./listener.ts";
import { matchesPath, type PathPattern } from "./path-pattern.ts";

/** One request under a fault. */
export interface Exchange {
  readonly request: CatalogRequest;
  readonly response: CatalogResponse;
  /** What the catalog answers, after the request's own wait. */
  readonly answer: () => Promise<Answer>;
  readonly clock: Clock;
  /** Aborted when the client has gone or the server closes. */
  readonly gone: AbortSignal;
}

/** Answers a request in place of the server. */
export type Fault = (exchange: Exchange) => Promise<void>;

/** Which fault is on for which paths, at this moment. A request keeps the fault that was on when it came. */
export interface Faults {
  /** Switches a fault on; of several that match, the last one set is taken. Gives what switches this very one off. */
  set(pattern: PathPattern, fault: Fault): () => void;
  /** Switches off what was set for this very pattern; without one, everything. */
  clear(pattern?: PathPattern): void;
  /** The fault for a path. */
  find(path: string): Fault | undefined;
}

/** No faults. */
export function createFaults(): Faults {
  let faults: readonly { readonly pattern: PathPattern; readonly fault: Fault }[] = [];
  return {
    set(pattern, fault) {
      const added = { pattern, fault };
      faults = [...faults, added];
      return () => {
        faults = faults.filter((one) => one !== added);
      };
    },
    clear(pattern) {
      faults = pattern === undefined ? [] : faults.filter((one) => one.pattern !== pattern);
    },
    find: (path) => faults.findLast(({ pattern }) => matchesPath(pattern, path))?.fault,
  };
}
