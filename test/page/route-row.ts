import type { RouteRow } from "../../src/api/resources/routes.ts";

/** A row of /v1/routes: a live router of the service of its name, at the host of its name, with one server. */
export function routeRow(router: string, differs: Partial<RouteRow> = {}): RouteRow {
  const server = "http://10.0.0.1:25000";
  return {
    id: `main/http/routers/${router}`,
    chart: "main",
    router,
    protocol: "http",
    rule: `Host(\`${router}.lab.local\`)`,
    hosts: [`${router}.lab.local`],
    paths: [],
    entryPoints: [],
    service: router,
    servers: [server],
    state: "live",
    since: "2026-11-30T10:00:00.000Z",
    isSinceStart: false,
    owner: router,
    definedIn: null,
    instances: [{ server, id: `${router}-1`, node: "node-1", health: "passing" }],
    ...differs,
  };
}
