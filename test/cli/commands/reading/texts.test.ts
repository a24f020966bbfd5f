import { describe, expect, test } from "vitest";
import type { DiffAnswer } from "../../../../src/api/resources/history.ts";
import type { RouteRow } from "../../../../src/api/resources/routes.ts";
import type { StatusAnswer } from "../../../../src/api/resources/status.ts";
import { diagnosticsText } from "../../../../src/cli/commands/reading/diagnostics.ts";
import { historyDiffText, historyText } from "../../../../src/cli/commands/reading/history.ts";
import { holdsText } from "../../../../src/cli/commands/reading/holds.ts";
import { routesMarkdown, routesText } from "../../../../src/cli/commands/reading/routes.ts";
import { statusText } from "../../../../src/cli/commands/reading/status.ts";
import { PLAIN_TEXT } from "../../../../src/cli/text/colour.ts";
import { NOW_MS } from "../../../builders/world.ts";

const at = (agoSeconds: number) => new Date(NOW_MS - agoSeconds * 1_000).toISOString();

function route(overrides: Partial<RouteRow> = {}): RouteRow {
  return {
    id: "main/http/routers/wiki",
    chart: "main",
    router: "wiki",
    protocol: "http",
    rule: "Host(`wiki.test`)",
    hosts: ["wiki.test"],
    paths: [],
    entryPoints: [],
    service: "wiki",
    servers: ["http://10.0.0.1:24001"],
    state: "live",
    since: at(7_200),
    isSinceStart: true,
    owner: "wiki",
    definedIn: null,
    instances: [],
    ...overrides,
  };
}

test("routes are a table for a wiki, in which nothing changes as time passes", () => {
  const rows = [
    route(),
    route({ hosts: ["*.test", "b.test"], paths: ["/x*"], owner: null, definedIn: "snippets/x.yml" }),
  ];
  expect(routesMarkdown(rows)).toBe(
    [
      "| Host | Path | Entry points | Service | Servers | State | Owner |",
      "| --- | --- | --- | --- | --- | --- | --- |",
      "| wiki.test |  | (default) | wiki | 1 | live | wiki |",
      "| \\*.test, b.test | /x\\* | (default) | wiki | 1 | live | snippets/x.yml |",
      "",
    ].join("\n"),
  );
});

test("routes are a table, one line each", () => {
  const instances = [
    {
      server: "s",
      id: "i",
      node: "n",
      health: "passing",
      job: "shop",
      group: "web",
      allocation: "96ae0c8b",
      toldBy: "nomad" as const,
    },
  ];
  const rows = [
    route(),
    route({ hosts: ["a.test", "b.test"], paths: ["/x*"], entryPoints: ["web", "secure"], service: "shop", instances }),
    route({
      protocol: "udp",
      rule: "",
      hosts: ["*"],
      service: "dns",
      servers: [],
      state: "emptied",
      since: at(61),
      isSinceStart: false,
    }),
    route({ owner: null, definedIn: "snippets/x.yml", state: "held", since: at(59), isSinceStart: false }),
  ];
  expect(routesText(rows, NOW_MS, undefined)).toBe(
    [
      "HOST           PATH  ENTRY POINTS  SERVICE    SERVERS  STATE    SINCE  OWNER",
      "wiki.test            (default)     wiki       1        live     >2h    wiki",
      "a.test,b.test  /x*   web,secure    shop       1        live     >2h    wiki (job shop/web)",
      "(udp)                (default)     dns (udp)  0        emptied  1m     wiki",
      "wiki.test            (default)     wiki       1        held     59s    snippets/x.yml",
      "",
    ].join("\n"),
  );
  expect(routesText([route(), route({ chart: "public" })], NOW_MS, undefined)).toMatch(/^CHART .*\nmain .*\npublic /);
});

const CHART: StatusAnswer["chart"] = {
  output: "/srv/portolan.yml",
  generation: 3,
  hash: "abc",
  publishedAt: at(200),
  routers: 314,
  services: 310,
  middlewares: 1,
  states: { live: 303, held: 10, emptied: 1, sleeping: 0, disabled: 0, untaken: 0 },
  holds: [{ catalog: "dc1", kind: "mass-removal", routers: 10, since: at(60), ends: at(-600) }],
  rollback: { version: 41, since: at(3_600), withheldChanges: 1 },
  standbyFor: null,
  writeError: null,
  stateError: null,
  directoryError: null,
  traefik: {
    api: "http://127.0.0.1:8080",
    error: { code: "E_TRAEFIK_API_DENIED", message: "asks for a password", since: at(3) },
    version: "3.6.12",
    readAt: at(5),
    chart: "taken",
    entryPoints: ["web"],
    entryPointAddresses: { web: ":80" },
    certResolvers: null,
    flaws: 2,
  },
  diagnostics: [
    { code: "PORT_OUTSIDE_WINDOW", severity: "error", count: 12 },
    { code: "TAG_IGNORED", severity: "warning", count: 3 },
  ],
};

const STATUS: StatusAnswer = {
  version: "1.2.3",
  uptimeSeconds: 90_000,
  ready: true,
  reasons: ["catalog dc2 has not been read"],
  stateDir: "/var/lib/portolan",
  sources: [
    {
      name: "dc1",
      source: "Consul at http://127.0.0.1:8500, datacenter dc1",
      ageSeconds: 1.4,
      services: 1,
      strategy: "per-service",
      strategyReason: "few",
      openRequests: 1,
      connectionBudget: 64,
      shortage: null,
      signs: [],
      signsInWords: [],
      missedChanges: 0,
      indexResets: 0,
      answerAgeSeconds: 0,
      consecutiveFailures: 0,
      failingSeconds: null,
      failingSince: null,
      lastError: { code: "E_X", message: "refused" },
      eventStream: null,
      health: { wanted: "checks", used: "deployment" },
    },
  ],
  chart: CHART,
  edges: [],
  dynamicPorts: { ports: "20000-32000", origin: "default" },
  serve: null,
  ingress: [],
};

test("the status is one screen", () => {
  expect(statusText(STATUS, NOW_MS, PLAIN_TEXT)).toBe(
    [
      "ready  portolan 1.2.3, up 1d",
      "  catalog dc2 has not been read",
      "",
      "sources   dc1: Consul at http://127.0.0.1:8500, datacenter dc1; answered 1s ago, 1 service, per-service",
      "          nomad.health checks: the token may not read what that needs, and the deployment counts",
      "          E_X: refused",
      "chart     /srv/portolan.yml; written 3m ago, abc",
      "          314 routers (10 held, 1 emptied), 310 services, 1 middleware",
      "traefik   3.6.12 has the chart, with 2 flaws; asked 5s ago",
      "          E_TRAEFIK_API_DENIED: asks for a password",
      "rollback  version 41 since 1h; 1 change waits for portolan release",
      "held      10 routers (dc1: mass-removal) since 1m, until 1970-01-01T00:26:40Z: portolan holds",
      "problems  12 error   PORT_OUTSIDE_WINDOW",
      "           3 warning TAG_IGNORED",
      "ports     dynamic 20000-32000 (default)",
      "state     /var/lib/portolan",
      "",
    ].join("\n"),
  );
  const unsaved = { ...STATUS.chart, stateError: { code: "E", message: "/srv/state: no space left" } };
  expect(statusText({ ...STATUS, chart: unsaved }, NOW_MS, PLAIN_TEXT)).toContain(
    "          cannot be stored for a restart: /srv/state: no space left\n",
  );
  const unready = statusText({ ...STATUS, ready: false, reasons: ["the chart cannot be written"] }, NOW_MS, PLAIN_TEXT);
  expect(unready).toMatch(/^not ready {2}portolan 1\.2\.3, up 1d\n {2}! the chart cannot be written\n/);
});

test("a diagnostic is its place, what was found and the remedy", () => {
  const subject = { catalog: "dc1", service: "wiki", instance: "w-1", node: "n1", tag: "traefik.x=y" };
  const one = {
    id: "1",
    chart: "main",
    code: "TAG_IGNORED",
    severity: "warning",
    subject,
    message: "m",
    remedy: "r",
  } as const;
  expect(diagnosticsText([one], PLAIN_TEXT)).toBe(
    "warning TAG_IGNORED  dc1:wiki, instance w-1 on n1\n  tag traefik.x=y\n  m\n  → r\n",
  );
  const ofFile = { ...one, subject: { service: "", instance: "", node: "", origin: "x.yml" } };
  expect(diagnosticsText([ofFile], PLAIN_TEXT)).toMatch(/^warning TAG_IGNORED {2}x\.yml\n/);
});

test("a hold lists its routers, and says what ends it", () => {
  const hold = {
    chart: "main",
    catalog: null,
    kind: "source-away",
    why: "because; until it answers",
    since: at(5),
    ends: null,
    isReleasable: false,
    routers: ["wiki", "dns (udp)"],
  } as const;
  expect(holdsText([{ ...hold, routers: [...hold.routers] }], NOW_MS, PLAIN_TEXT)).toBe(
    [
      "source-away  2 routers of chart main, since 5s",
      "  because; until it answers",
      "  portolan release does not end it: nothing is known of what has gone",
      "    wiki",
      "    dns (udp)",
      "",
    ].join("\n"),
  );
});

const VERSIONS = [
  { chart: "main", number: 41, publishedAt: at(60), hash: "abc", changes: "1 added: web", isRolledBackTo: true },
  { chart: "main", number: 40, publishedAt: at(120), hash: "def", changes: "1 removed: api", isRolledBackTo: false },
];

const DIFF: DiffAnswer = {
  chart: "main",
  from: 40,
  to: 41,
  counts: { added: 0, changed: 0, removed: 1 },
  routers: [{ key: "http/routers/api", label: "router api", kind: "removed", resources: ["http/routers/api"] }],
  resources: [{ key: "http/routers/api", label: "router api", kind: "removed", rule: "Host(`api`)", fields: [] }],
  others: [],
};

test("earlier charts are a table with what changed, and one of them is a diff", () => {
  expect(historyText(VERSIONS, undefined)).toBe(
    [
      "VERSION        PUBLISHED             HASH  CHANGES",
      "41 (in force)  1970-01-01T00:15:40Z  abc   1 added: web",
      "40             1970-01-01T00:14:40Z  def   1 removed: api",
      "",
    ].join("\n"),
  );
  expect(historyDiffText(DIFF, PLAIN_TEXT)).toBe(
    "from version 40 to version 41: 0 to add, 0 to change, 1 to remove\n\n- router api  Host(`api`)\n",
  );
  const nothing = { ...DIFF, from: "current" as const, counts: { ...DIFF.counts, removed: 0 }, routers: [] };
  expect(historyDiffText(nothing, PLAIN_TEXT)).toBe("from the chart in force to version 41: no changes\n");
});

describe("hostile names", () => {
  const evil = "<script>\u001b[2J\n\r\u009b2J\u2028\u202e\u061c\u0000x";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const unprintable = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u2028\u202e]/;
  /** Every text of a value is another name's. */
  function withEvil<T>(value: T): T {
    return JSON.parse(JSON.stringify(value), (key, one: unknown) =>
      typeof one === "string" && !["since", "ends", "publishedAt", "severity", "kind"].includes(key) ? evil : one,
    ) as T;
  }
  const hold = {
    chart: "c",
    catalog: "d",
    kind: "blind",
    why: "w",
    since: at(5),
    ends: null,
    isReleasable: true,
    routers: ["r"],
  } as const;
  const diagnostic = {
    id: "1",
    chart: "c",
    code: "C",
    severity: "info",
    subject: { service: "s", instance: "i", node: "n", tag: "t" },
    message: "m",
    remedy: "r",
  } as const;
  const texts: readonly (readonly [string, string, number])[] = [
    ["routes", routesText([withEvil(route({ state: "live" }))], NOW_MS, undefined), 2],
    ["routes for a wiki", routesMarkdown([withEvil(route())]), 3],
    // The host, which is never cut, has a line before its row.
    ["routes in a narrow terminal", routesText([withEvil(route())], NOW_MS, 60), 3],
    ["status", statusText(withEvil(STATUS), NOW_MS, PLAIN_TEXT), 15],
    ["diagnostics", diagnosticsText([withEvil(diagnostic)], PLAIN_TEXT), 4],
    ["history", historyText(withEvil(VERSIONS), undefined), 3],
    ["a diff", historyDiffText({ ...withEvil(DIFF), from: 40 }, PLAIN_TEXT), 3],
    ["holds", holdsText([withEvil({ ...hold, routers: ["r"] })], NOW_MS, PLAIN_TEXT), 3],
  ];
  test.each(texts)("are inert in %s, and make no line of their own", (_, text, lines) => {
    expect(text).not.toMatch(unprintable);
    expect(text.trimEnd().split("\n")).toHaveLength(lines);
  });
});
