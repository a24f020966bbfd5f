import type { CatalogServer } from "../../../src/simulator/api/api-server.ts";
import type { PathPattern } from "../../../src/simulator/api/path-pattern.ts";
import {
  answers429,
  answers500,
  answersEmpty,
  answersHtml,
  answersWrongType,
  cutsMidBody,
  drips,
  type Fault,
  hangs,
  indexGoesBack,
  indexZero,
  noIndexHeader,
} from "../../../src/simulator/faults/faults.ts";

/** Bad weather between portolan and the catalog. */
export interface Spell {
  readonly name: string;
  /**
   * `open`: the client sees an error, or an index that fell, and notices by itself when it is over. `hidden`: a request
   * that came during the spell shows nothing until its own end, so that only deadlines and waits bring the truth.
   */
  readonly kind: "open" | "hidden";
  /** Whether it is about some paths, or about the catalog as a whole. */
  readonly isLocal: boolean;
  begin(server: CatalogServer, patterns: readonly PathPattern[]): Promise<void>;
  end(server: CatalogServer, patterns: readonly PathPattern[]): Promise<void>;
}

/** Paths that a local spell may be about. */
export const PATHS: readonly PathPattern[] = [
  "*",
  "/v1/catalog/services",
  "/v1/health/service/*",
  "/v1/health/state/*",
  "/v1/catalog/nodes",
  "/v1/catalog/node/*",
];

export const SPELLS: readonly Spell[] = [
  local("answers 500", "open", answers500("rpc error making call: EOF")),
  local("has no leader", "open", answers500()),
  local("answers 429", "open", answers429(1)),
  local("answers with a page of HTML", "open", answersHtml()),
  local("answers JSON of another shape", "open", answersWrongType()),
  local("leaves out the index", "open", noIndexHeader()),
  local("cuts bodies", "open", cutsMidBody()),
  local("drips", "open", drips({ pieceBytes: 1_024, everyMs: 50 })),
  local("answers nothing, with success", "hidden", answersEmpty()),
  local("hangs", "hidden", hangs()),
  { name: "refuses connections", kind: "open", isLocal: false, begin: (server) => server.close(), end: reopen },
  reconnecting("hangs until it is cut", hangs()),
  // Every connection ends at both ends of it, as when servers are restored: an open query cannot outlive its index.
  reconnecting("tells low indexes", indexGoesBack(3)),
  reconnecting("tells index 0", indexZero()),
  reconnecting("tells no data, with low indexes", emptyWithLowIndexes()),
];

function local(name: string, kind: Spell["kind"], fault: Fault): Spell {
  return {
    name,
    kind,
    isLocal: true,
    async begin({ faults }, patterns) {
      for (const pattern of patterns) faults.set(pattern, fault);
    },
    async end({ faults }, patterns) {
      for (const pattern of patterns) faults.clear(pattern);
    },
  };
}

function reconnecting(name: string, fault: Fault): Spell {
  return {
    name,
    kind: "open",
    isLocal: false,
    async begin(server) {
      server.faults.set("*", fault);
      await reconnect(server);
    },
    async end(server) {
      server.faults.clear("*");
      await reconnect(server);
    },
  };
}

/** Ends every connection. */
export async function reconnect(server: CatalogServer): Promise<void> {
  await server.close();
  await server.reopen();
}

function reopen(server: CatalogServer): Promise<void> {
  return server.reopen();
}

/** A server that has been restarted and does not know its cluster yet. */
function emptyWithLowIndexes(): Fault {
  return answersEmpty({ "X-Consul-Index": "3" });
}
