import { describe, expect, test } from "vitest";
import type { ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import type { RouteChange, RouteReason } from "../../../src/core/changes/route-change.ts";
import type { OperatorConfig } from "../../../src/core/operator-config/operator-config.ts";
import { chart, router, served } from "../../builders/chart.ts";
import { instance, NOW_MS, pass, settings, snapshot } from "../../builders/world.ts";

const other = instance({ service: "api", id: "api-1", port: 24009 });
const critical = [{ id: "http", name: "it answers", status: "critical" }];

/** What changes when the catalog goes from one state to another; `api` is always there. */
function changes(before: readonly ServiceInstance[], after: readonly ServiceInstance[]): readonly RouteChange[] {
  const { memory } = pass([other, ...before]);
  return pass([other, ...after], { previous: memory, nowMs: NOW_MS + 1 }).changes;
}

const web = instance();
const second = instance({ id: "web-2", port: 24002 });
const url = "http://192.168.11.11";

type Expected = Pick<RouteChange, "kind" | "servers"> & {
  readonly added?: string;
  readonly removed?: string;
  readonly why: RouteReason;
};

describe("a change of a route says what happened, to which servers, and why", () => {
  test.each<[string, ServiceInstance[], ServiceInstance[], Expected]>([
    ["a new one", [], [web], { kind: "added", added: "24001", servers: 1, why: { kind: "registered" } }],
    [
      "another server",
      [web],
      [web, second],
      { kind: "servers", added: "24002", servers: 2, why: { kind: "registered" } },
    ],
    [
      "one server less",
      [web, second],
      [web],
      { kind: "servers", removed: "24002", servers: 1, why: { kind: "deregistered" } },
    ],
    [
      "an unhealthy server",
      [web, second],
      [web, { ...second, checks: critical }],
      {
        kind: "servers",
        removed: "24002",
        servers: 1,
        why: { kind: "unhealthy", status: "critical", check: "it answers" },
      },
    ],
    [
      "a server that is healthy for the first time",
      [web, { ...second, checks: critical }],
      [web, second],
      { kind: "servers", added: "24002", servers: 2, why: { kind: "healthy" } },
    ],
    [
      "a quarantined server",
      [web, second],
      [web, { ...second, tags: [...second.tags, "traefik.http.routers.web.priority=x"] }],
      { kind: "servers", removed: "24002", servers: 1, why: { kind: "quarantined", code: "TAG_BAD_VALUE" } },
    ],
    [
      "another port",
      [web],
      [{ ...web, port: 24011 }],
      { kind: "servers", added: "24011", removed: "24001", servers: 1, why: { kind: "moved" } },
    ],
    ["the last server", [web], [], { kind: "emptied", removed: "24001", servers: 0, why: { kind: "deregistered" } }],
    [
      "its tags",
      [web],
      [{ ...web, tags: [...web.tags, "traefik.http.routers.web.priority=5"] }],
      { kind: "changed", servers: 1, why: { kind: "tags-changed", keys: ["traefik.http.routers.web.priority"] } },
    ],
    [
      "a middleware that it names",
      [{ ...web, tags: [...web.tags, ...throttled(5)] }],
      [{ ...web, tags: [...web.tags, ...throttled(6)] }],
      {
        kind: "changed",
        servers: 1,
        why: { kind: "tags-changed", keys: ["traefik.http.middlewares.slow.ratelimit.average"] },
      },
    ],
    [
      "withdrawn",
      [web],
      [{ ...web, tags: [] }],
      { kind: "removed", removed: "24001", servers: 0, why: { kind: "hidden" } },
    ],
    [
      "exposed again, while another instance serves",
      [web, { ...second, tags: [] }],
      [web, second],
      { kind: "servers", added: "24002", servers: 2, why: { kind: "tags-changed", keys: ["traefik.enable"] } },
    ],
  ])("%s", (_, before, after, { kind, servers, added, removed, why }) => {
    const servingAt = (port: string | undefined) =>
      port === undefined ? [] : [expect.objectContaining({ url: `${url}:${port}`, instance: expect.anything() })];
    expect(changes(before, after)).toEqual([
      {
        kind,
        router: "web",
        protocol: "http",
        rule: "Host(`web`)",
        entryPoints: [],
        service: "web",
        servers,
        serversAdded: servingAt(added),
        serversRemoved: servingAt(removed),
        why,
      },
    ]);
  });

  test("nothing has changed", () => {
    expect(changes([web], [web])).toEqual([]);
  });

  test("an instance that Nomad registered is named with its allocation", () => {
    const id = "_nomad-task-d5dee5cb-6d3e-5d0a-9b1c-0f3c2a1b4e5f-group-web-web-http";
    expect(changes([], [{ ...web, id }])[0]?.serversAdded).toEqual([
      {
        url: `${url}:24001`,
        why: { kind: "registered" },
        instance: { id, node: "node-1", group: "web", allocation: "d5dee5cb", toldBy: "id" },
      },
    ]);
  });

  test("what the operator defines, changes and withdraws names the file", () => {
    const defined = (rule: string): OperatorConfig => ({
      config: chart({ routers: { nas: { ...router("nas"), rule } }, services: { nas: served("http://10.0.0.1:80") } }),
      origins: new Map([
        ["http/routers/nas", "nas.yml"],
        ["http/services/nas", "nas.yml"],
      ]),
      diagnostics: [],
    });
    const none = pass([other]);
    const first = pass([other], { previous: none.memory, operatorConfig: defined("Host(`nas`)") });
    const second = pass([other], { previous: first.memory, operatorConfig: defined("Host(`disk`)") });
    const last = pass([other], { previous: second.memory });
    expect([first, second, last].map((decision) => decision.changes.map(({ kind, why }) => [kind, why]))).toEqual([
      [["added", { kind: "operator-defined", origin: "nas.yml" }]],
      [["changed", { kind: "operator-changed", origin: "nas.yml" }]],
      [["removed", { kind: "operator-withdrew", origin: "nas.yml" }]],
    ]);
  });
});

function throttled(average: number): readonly string[] {
  return [`traefik.http.middlewares.slow.ratelimit.average=${average}`, "traefik.http.routers.web.middlewares=slow"];
}

/** What changes from each of these states of the catalog to the next; of each change what, to which router, and why. */
function story(
  ...states: readonly (readonly ServiceInstance[] | NonNullable<Parameters<typeof pass>[1]>)[]
): readonly (readonly [RouteChange["kind"], string, RouteReason])[][] {
  let previous = pass([other]).memory;
  return states.map((state, index) => {
    const options = "length" in state ? { snapshots: [snapshot([other, ...state])] } : state;
    const decision = pass([], { previous, nowMs: NOW_MS + index + 1, ...options });
    previous = decision.memory;
    return decision.changes.map(({ kind, router, why }) => [kind, router, why] as const);
  });
}

const RULE = "traefik.http.routers.web.rule";
const ruled = (rule: string): ServiceInstance => ({ ...web, tags: ["traefik.enable=true", `${RULE}=${rule}`] });
const asking = (service: string, port: number, ...tags: readonly string[]) =>
  instance({ service, id: service, port, tags: ["traefik.enable=true", ...tags] });

describe("a router that is left out is told as that, and not as taken by another", () => {
  test("for its own rule, which its owner may have meant to narrow", () => {
    const plain = "traefik.http.routers.plain.rule=Host(`plain`)";
    const rule = "Hots(`web`) && Path(`/narrower`)";
    const broken = { ...ruled(rule), tags: [...ruled(rule).tags, plain] };
    const sound = { ...ruled("Host(`web`)"), tags: [...ruled("Host(`web`)").tags, plain] };
    expect(story([sound], [broken], [sound]).slice(1)).toEqual([
      [["emptied", "web", { kind: "tags-changed", keys: [RULE] }]],
      [["restored", "web", { kind: "tags-changed", keys: [RULE] }]],
    ]);
  });

  test("for a middleware that its definer withdraws, and that comes back", () => {
    const app = asking("app", 24003, "traefik.http.routers.app.middlewares=gate");
    const gate = asking("gate", 24004, "traefik.http.middlewares.gate.compress=true");
    const without = asking("gate", 24004);
    expect(story([app, gate], [app, without], [app, gate]).slice(1)).toEqual([
      [["emptied", "app", { kind: "left-out", code: "REFERENCE_UNKNOWN" }]],
      [["restored", "app", { kind: "settled", code: "REFERENCE_UNKNOWN" }]],
    ]);
  });

  test("for a host that belongs to another service, until that one gives it up", () => {
    const owner = asking("owner", 24003, "traefik.http.routers.owner.rule=Host(`app.test`)");
    const moved = asking("owner", 24003, "traefik.http.routers.owner.rule=Host(`other.test`)");
    const taker = { ...asking("taker", 24004, "traefik.http.routers.taker.rule=Host(`app.test`)"), createIndex: 90 };
    const own = { ...taker, tags: ["traefik.enable=true", "traefik.http.routers.taker.rule=Host(`own.test`)"] };
    expect(story([owner, own], [owner, taker], [moved, taker]).slice(1)).toEqual([
      [["removed", "taker", { kind: "left-out", code: "HOST_TAKEN" }]],
      [
        ["changed", "owner", { kind: "tags-changed", keys: ["traefik.http.routers.owner.rule"] }],
        ["added", "taker", { kind: "settled", code: "HOST_TAKEN" }],
      ],
    ]);
  });
});

test("a router that takes the requests of another one is named, and one for other requests has replaced none", () => {
  const named = (router: string, rule: string) => asking("web", 24001, `traefik.http.routers.${router}.rule=${rule}`);
  expect(story([named("old", "Host(`w`)")], [named("new", "Host(`w`)")]).slice(1)).toEqual([
    [
      ["added", "new", expect.objectContaining({ kind: "tags-changed" })],
      ["removed", "old", { kind: "replaced", by: "new" }],
    ],
  ]);
  expect(story([named("old", "Host(`w`)")], [named("new", "Host(`x`)")]).slice(1)).toEqual([
    [
      ["added", "new", expect.objectContaining({ kind: "tags-changed" })],
      [
        ...["removed", "old"],
        { kind: "tags-changed", keys: ["traefik.http.routers.new.rule", "traefik.http.routers.old.rule"] },
      ],
    ],
  ]);
});

test("an instance is healthy again only after it was healthy once", () => {
  const sick = { ...second, checks: critical };
  const states = story([web], [web, sick], [web, second], [web, sick], [web, second]);
  expect(states.slice(1).map((changes) => changes.map(([, , why]) => why.kind))).toEqual([
    [],
    ["healthy"],
    ["unhealthy"],
    ["healthy-again"],
  ]);
});

describe("a catalog that does not show all it has", () => {
  const blind = { sinceMs: NOW_MS, reason: "filtered" };

  test("hides a server, which is not deregistered, and shows it again, which is not registered then", () => {
    const hidden = { snapshots: [snapshot([other, web], { blind })] };
    expect(story([web, second], hidden, [web, second]).slice(1)).toEqual([
      [["servers", "web", { kind: "not-shown" }]],
      [["servers", "web", { kind: "found" }]],
    ]);
  });

  test("hides the last server, once an operator has ended the hold", () => {
    const first = pass([other, web]);
    const { memory } = first;
    const released = { ...memory, removals: { ...memory.removals, released: new Set(["http/routers/web"] as const) } };
    const decision = pass([other], { previous: released, snapshot: { blind }, nowMs: NOW_MS + 1 });
    expect(decision.changes.map(({ kind, why }) => [kind, why])).toEqual([["emptied", { kind: "not-shown" }]]);
  });
});

test("what is there at the start was found, not registered just now", () => {
  expect(pass([web]).changes.map(({ why }) => why)).toEqual([{ kind: "found" }]);
});

test("other settings are told as that", () => {
  const exposed = settings({ traefik: { exposedByDefault: true } });
  const plain = { ...web, tags: [] };
  const shown = { snapshots: [snapshot([other, plain])], settings: exposed };
  expect(story([plain], shown).at(-1)).toEqual([["added", "web", { kind: "settings-changed" }]]);
});

test("an instance whose tags move its server is not told as moved", () => {
  const port = "traefik.http.services.web.loadbalancer.server.port";
  const elsewhere = { ...web, tags: [...web.tags, `${port}=24031`] };
  expect(story([web], [elsewhere]).at(-1)).toEqual([["servers", "web", { kind: "tags-changed", keys: [port] }]]);
});

test("the definition of another instance is told as that, with the tags that differ", () => {
  const next = { ...second, createIndex: 90, tags: [...web.tags, "traefik.http.routers.web.priority=5"] };
  expect(story([web], [web, next]).at(-1)).toEqual([
    ["changed", "web", { kind: "took-over", keys: ["traefik.http.routers.web.priority"] }],
  ]);
});

test("a middleware of another service that changes is named", () => {
  const app = asking("app", 24003, "traefik.http.routers.app.middlewares=gate");
  const gate = (ms: number) => asking("gate", 24004, `traefik.http.middlewares.gate.ratelimit.average=${ms}`);
  expect(story([app, gate(1)], [app, gate(2)]).at(-1)).toEqual([
    ["changed", "app", { kind: "reference-changed", name: "http/middlewares/gate" }],
  ]);
});

test("a key of a tag is told without what may be a secret", () => {
  const secret = {
    ...web,
    tags: [...web.tags, "traefik.http.middlewares.m.basicauth.users:admin:$apr1$abc=", "pass:word x"],
  };
  const [, last] = story([{ ...web, tags: [] }], [secret]);
  expect(JSON.stringify(last)).not.toMatch(/apr1|word/);
});

test("a TCP or UDP router is told with its entry points", () => {
  const tags = ["traefik.enable=true", "traefik.udp.routers.dns.entrypoints=dns"];
  const [change] = changes([], [instance({ service: "dns", id: "dns", port: 24003, tags })]);
  expect(change).toMatchObject({ protocol: "udp", entryPoints: ["dns"], rule: "" });
});
