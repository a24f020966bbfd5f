import type { Resource } from "./resource.ts";
import { DIAGNOSTICS } from "./resources/diagnostics.ts";
import { EVENTS } from "./resources/events.ts";
import { EXPLAIN } from "./resources/explain.ts";
import { DIFF, HISTORY } from "./resources/history.ts";
import { HOLDS } from "./resources/holds.ts";
import { LEGACY } from "./resources/legacy.ts";
import { OPENAPI } from "./resources/openapi.ts";
import { PORTS } from "./resources/ports.ts";
import { ROUTES } from "./resources/routes.ts";
import { SCRAPE_TARGETS } from "./resources/scrape-targets.ts";
import { STATUS } from "./resources/status.ts";

/** Everything that the listener tells as JSON, in the order of docs/api.md. Commands import the row that they ask for. */
export const RESOURCES: readonly Resource[] = [
  STATUS,
  ROUTES,
  DIAGNOSTICS,
  HOLDS,
  HISTORY,
  DIFF,
  EVENTS,
  EXPLAIN,
  LEGACY,
  PORTS,
  SCRAPE_TARGETS,
  OPENAPI,
];
