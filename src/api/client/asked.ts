import type { Resource } from "../resource.ts";

/** A resource as a command asks for it: its row is loaded only where the daemon's answers may have another form. */
export interface AskedResource<Row extends Resource = Resource> {
  readonly path: Row["path"];
  load(): Promise<Row>;
}

/** Everything that a command may ask for: the rows of resources.ts. */
export const ASKED = {
  status: { path: "/v1/status", load: async () => (await import("../resources/status.ts")).STATUS },
  routes: { path: "/v1/routes", load: async () => (await import("../resources/routes.ts")).ROUTES },
  diagnostics: { path: "/v1/diagnostics", load: async () => (await import("../resources/diagnostics.ts")).DIAGNOSTICS },
  holds: { path: "/v1/holds", load: async () => (await import("../resources/holds.ts")).HOLDS },
  history: { path: "/v1/history", load: async () => (await import("../resources/history.ts")).HISTORY },
  diff: { path: "/v1/diff", load: async () => (await import("../resources/history.ts")).DIFF },
  events: { path: "/v1/events", load: async () => (await import("../resources/events.ts")).EVENTS },
  explain: { path: "/v1/explain", load: async () => (await import("../resources/explain.ts")).EXPLAIN },
  legacy: { path: "/v1/legacy", load: async () => (await import("../resources/legacy.ts")).LEGACY },
  ports: { path: "/v1/ports", load: async () => (await import("../resources/ports.ts")).PORTS },
  scrapeTargets: {
    path: "/v1/sd/prometheus",
    load: async () => (await import("../resources/scrape-targets.ts")).SCRAPE_TARGETS,
  },
  openapi: { path: "/v1/openapi.json", load: async () => (await import("../resources/openapi.ts")).OPENAPI },
} as const satisfies Readonly<Record<string, AskedResource>>;
