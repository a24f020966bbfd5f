import { describe, expect, test } from "vitest";
import { ROUTES } from "../../../src/api/resources/routes.ts";
import { AppError } from "../../../src/base/errors.ts";
import type { ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import type { ChartStatus } from "../../../src/observe/status/chart-status.ts";
import { routesView } from "../../../src/observe/status/routes-view.ts";
import { chart, router, served } from "../../builders/chart.ts";
import { instance, NOW_MS } from "../../builders/world.ts";
import { STATUS } from "./statuses.ts";

/** A view by parameters as they stand in a URL; it has the form that the row says. */
function asked(query: Readonly<Record<string, string>> = {}, status: ChartStatus = STATUS, others: ChartStatus[] = []) {
  const charts = [status, ...others].map((one, position) => ({
    name: position === 0 ? "main" : `edge-${position}`,
    status: one,
  }));
  const view = routesView(charts, ROUTES.query.parse(query));
  expect(ROUTES.answer.strict().parse(view)).toEqual(view);
  return view;
}

function names(query: Readonly<Record<string, string>>, status?: ChartStatus): readonly string[] {
  return asked(query, status).routes.map(({ router }) => router);
}

function charted(routers: Parameters<typeof chart>[0]["routers"], rest: Partial<ChartStatus> = {}): ChartStatus {
  return {
    ...STATUS,
    chart: chart({ routers: routers ?? {}, services: { web: served("http://10.0.0.1:24001") } }),
    ...rest,
  };
}

test("a router is told with its rule, hosts, servers, state and owner", () => {
  const status = charted(
    { web: { rule: "Host(`a.test`, `b.test`) && PathPrefix(`/x`)", service: "web", entryPoints: ["secure"] } },
    {
      owners: new Map([["http/routers/web", { service: "web" }]]),
      liveSinceMs: new Map([["http/routers/web", NOW_MS - 5_000]]),
    },
  );
  expect(asked({}, status)).toEqual({
    routes: [
      {
        id: "main/http/routers/web",
        chart: "main",
        router: "web",
        protocol: "http",
        rule: "Host(`a.test`, `b.test`) && PathPrefix(`/x`)",
        hosts: ["a.test", "b.test"],
        paths: ["/x*"],
        entryPoints: ["secure"],
        service: "web",
        servers: ["http://10.0.0.1:24001"],
        state: "live",
        since: "1970-01-01T00:16:35.000Z",
        isSinceStart: false,
        owner: "web",
        definedIn: null,
        instances: [],
      },
    ],
    total: 1,
    next: null,
  });
});

describe("the state", () => {
  const since = (ago: number) => NOW_MS - ago;
  const status: ChartStatus = {
    ...STATUS,
    owners: new Map([["http/routers/old", { service: "old" }]]),
    holds: [{ kind: "mass-removal", routers: ["http/routers/api"], sinceMs: since(1_000) }],
    leftAtMs: new Map([["http/routers/old", since(2_000)]]),
  };
  const standing = (name: string, of: ChartStatus = status) => {
    const { state, since, isSinceStart } = asked({ router: name }, of).routes[0] ?? {};
    return [state, since && NOW_MS - Date.parse(since), isSinceStart];
  };

  test("of a router that came before the start is live, and nobody knows since when", () => {
    expect(standing("web")).toEqual(["live", 60_000, true]);
  });
  test("of a held router is that since its hold began", () => {
    expect(standing("api")).toEqual(["held", 1_000, false]);
  });
  test("of a router without servers is emptied, or sleeping where its owner wishes it kept", () => {
    expect(standing("old")).toEqual(["emptied", 2_000, false]);
    expect(standing("old", { ...status, isKept: (service) => service === "old" })).toEqual(["sleeping", 2_000, false]);
  });
  test("filters", () => {
    expect(names({ state: "held" }, status)).toEqual(["api"]);
    expect(names({ state: "sleeping" }, status)).toEqual([]);
  });
});

describe("what is asked for", () => {
  const status = charted(
    {
      exact: { rule: "Host(`a.test`)", service: "web" },
      pattern: { rule: "HostRegexp(`^[a-z]+\\.test$`)", service: "other" },
      wide: { rule: "PathPrefix(`/x`)", service: "web" },
      "dc1-web": router("b.test"),
    },
    {
      owners: new Map([
        ["http/routers/exact", { service: "dc1:prod/shop" }],
        ["http/routers/pattern", { service: "dc1:prod/blog" }],
      ]),
      instances: [[instance({ service: "unrouted" })]],
    },
  );

  test.each([
    [{ host: "a.test" }, ["exact", "pattern"]],
    [{ host: "A.TEST." }, ["exact", "pattern"]],
    [{ host: "zz.test" }, ["pattern"]],
    [{ host: "b.test" }, ["dc1-web", "pattern"]],
    [{ service: "shop" }, ["exact"]],
    [{ service: "prod/shop" }, ["exact"]],
    [{ service: "dc1:prod/shop" }, ["exact"]],
    [{ service: "web" }, ["exact", "wide"]],
    [{ service: "blog", host: "a.test" }, ["pattern"]],
    [{ router: "wide" }, ["wide"]],
    [{ service: "unrouted" }, []],
    [{ chart: "main", router: "wide" }, ["wide"]],
  ])("%j finds %j", (query, expected) => {
    expect(names(query, status)).toEqual(expected);
  });

  test.each([
    [{ host: "a.tset" }, 'there is no router for the host "a.tset"; did you mean a.test?'],
    [{ service: "shpo" }, 'there is no service "shpo"'],
    [{ service: "unruoted" }, 'there is no service "unruoted"; did you mean unrouted?'],
    [{ router: "wied" }, 'there is no router "wied"; did you mean wide?'],
    [{ chart: "mian" }, 'there is no chart "mian"; did you mean main?'],
    [{ router: "\u001b[2J" }, 'there is no router "\\u001b[2J"; known: dc1-web, exact, pattern, wide'],
  ])("%j names what nothing has", (query, message) => {
    const refused = () => asked(query, status);
    expect(refused).toThrow(AppError);
    expect(refused).toThrow(message);
  });
});

describe("pages", () => {
  const many = charted(Object.fromEntries(["c", "a", "b", "e", "d"].map((name) => [name, router(name)])));
  const allPages = (limit: string, status: ChartStatus, others: ChartStatus[] = []) => {
    const ids: string[] = [];
    for (let after: string | null | undefined; after !== null; ) {
      const page = asked({ limit, ...(after === undefined ? {} : { after }) }, status, others);
      expect(page.total).toBe(5 + 5 * others.length);
      ids.push(...page.routes.map(({ id }) => id));
      after = page.next;
    }
    return ids;
  };

  test.each(["1", "2", "3", "5", "100"])("of %s give each router once, in order", (limit) => {
    const expected = ["a", "b", "c", "d", "e"].map((name) => `main/http/routers/${name}`);
    expect(allPages(limit, many)).toEqual(expected);
    expect(allPages(limit, many, [many])).toEqual([...expected, ...expected.map((id) => id.replace("main", "edge-1"))]);
  });

  test("a router that has gone between two pages is no reason to skip or repeat others", () => {
    expect(names({ after: "main/http/routers/bb" }, many)).toEqual(["c", "d", "e"]);
    expect(names({ after: "main/tcp/routers/a" }, many)).toEqual([]);
  });

  test.each([
    { limit: "0" },
    { limit: "5001" },
    { limit: "x" },
    { state: "gone" },
    { host: "" },
    { host: "x".repeat(1_001) },
  ])("%j is refused", (query) => {
    expect(ROUTES.query.safeParse(query).success).toBe(false);
  });
});

test("neither a password in a server's URL nor a header's secret is shown", () => {
  const open = chart({
    routers: { web: { rule: "Host(`a.test`) && Header(`X-Key`, `s3cret`)", service: "web" } },
    services: { web: served("http://user:s3cret@10.0.0.1:24001") },
  });
  const view = asked({}, { ...STATUS, chart: open });
  expect(JSON.stringify(view)).not.toContain("s3cret");
  expect(view.routes[0]).toMatchObject({
    rule: "Host(`a.test`) && Header(`X-Key`, `***`)",
    servers: ["http://***@10.0.0.1:24001"],
  });
});

test("the instances behind the servers are named, with the task of each, and links where there are web interfaces", () => {
  const id = "_nomad-task-96ae0c8b-7352-2b14-bb9c-a1a88d99cb44-group-app-web-http";
  const behind: ServiceInstance = instance({ service: "web", id, node: "node-1" });
  const status: ChartStatus = {
    ...STATUS,
    origin: (service, url) => (service === "http/services/web" && url.includes("10.0.0.1") ? behind : undefined),
  };
  const told = {
    server: "http://10.0.0.1:24001",
    id,
    node: "node-1",
    group: "app",
    allocation: "96ae0c8b",
    toldBy: "id",
    health: "passing",
  };
  expect(asked({ router: "web" }, status).routes[0]?.instances).toEqual([told]);
  const charts = [{ name: "main", status }];
  const query = ROUTES.query.parse({ router: "web" });
  const links = { nomad: "https://nomad.test/ui/allocations/96ae0c8b-7352-2b14-bb9c-a1a88d99cb44" };
  expect(routesView(charts, query, { nomad: "https://nomad.test" }).routes[0]?.instances).toEqual([{ ...told, links }]);
});
