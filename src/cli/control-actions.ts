import type { ControlActions } from "../control/control-server.ts";
import { routerLabel } from "../core/traefik/dynamic-config.ts";
import type { Edge } from "./edge.ts";

/** What the daemon does on orders: for all charts alike. */
export function controlActions(edges: readonly Edge[]): ControlActions {
  return {
    "POST /v1/release": () => ({
      released: edges.flatMap(({ name, daemon }) =>
        daemon.release().map(({ catalogName, kind, routers }) => ({
          chart: name,
          ...(catalogName === undefined ? {} : { catalog: catalogName }),
          kind,
          routers: routers.map(routerLabel),
        })),
      ),
    }),
  };
}
