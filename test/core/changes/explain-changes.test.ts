import { describe, expect, test } from "vitest";
import type { ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import type { RouteChange, RouteReason } from "../../../src/core/changes/route-change.ts";
import type { OperatorConfig } from "../../../src/core/operator-config/operator-config.ts";
import { chart, router, served } from "../../builders/chart.ts";
import { instance, NOW_MS, pass } from "../../builders/world.ts";

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
      "a server that is healthy again",
      [web, { ...second, checks: critical }],
      [web, second],
      { kind: "servers", added: "24002", servers: 2, why: { kind: "healthy-again" } },
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
      { url: `${url}:24001`, why: { kind: "registered" }, instance: { id, node: "node-1", allocation: "d5dee5cb" } },
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
