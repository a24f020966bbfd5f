import { describe, expect, test } from "vitest";
import type { ServiceInstance } from "../../src/core/catalog/snapshot.ts";
import { routeLine } from "../../src/observe/log/route-line.ts";
import { instance, NOW_MS, pass } from "../builders/world.ts";

const other = instance({ service: "api", id: "api-1", port: 24009 });
const critical = [{ id: "http", name: "it answers", status: "critical" }];

/** What is told when the catalog changes from one state to another; `api` is always there. */
function told(before: readonly ServiceInstance[], after: readonly ServiceInstance[]): readonly string[] {
  const { memory } = pass([other, ...before]);
  return pass([other, ...after], { previous: memory, nowMs: NOW_MS + 1 }).changes.map(
    (change) => routeLine(change).message,
  );
}

const web = instance();
const second = instance({ id: "web-2", port: 24002 });
const url = "http://192.168.11.11";
const where = " on node-1";

describe("what is told about a route", () => {
  test.each<[string, ServiceInstance[], ServiceInstance[], string[]]>([
    ["nothing", [web], [web], []],
    ["a new one", [], [web], [`route web came: Host(\`web\`) → +${url}:24001${where} [1 server] (registered)`]],
    [
      "another server",
      [web],
      [web, second],
      [`route web gained a server: Host(\`web\`) → +${url}:24002${where} [2 servers] (registered)`],
    ],
    [
      "one server less",
      [web, second],
      [web],
      [`route web lost a server: Host(\`web\`) -${url}:24002${where} [1 server] (deregistered)`],
    ],
    [
      "an unhealthy server",
      [web, second],
      [web, { ...second, checks: critical }],
      [`route web lost a server: Host(\`web\`) -${url}:24002${where} [1 server] (critical (check "it answers"))`],
    ],
    [
      "a quarantined server",
      [web, second],
      [web, { ...second, tags: [...second.tags, "traefik.http.routers.web.priority=x"] }],
      [`route web lost a server: Host(\`web\`) -${url}:24002${where} [1 server] (quarantined: TAG_BAD_VALUE)`],
    ],
    [
      "another port",
      [web],
      [{ ...web, port: 24011 }],
      [`route web moved: Host(\`web\`) → +${url}:24011${where} -${url}:24001${where} [1 server] (moved)`],
    ],
    [
      "the last server",
      [web],
      [],
      [`route web has no server left (503): Host(\`web\`) -${url}:24001${where} [0 servers] (deregistered)`],
    ],
    [
      "its tags",
      [web],
      [{ ...web, tags: [...web.tags, "traefik.http.routers.web.priority=5"] }],
      [`route web changed: Host(\`web\`) [1 server] (its tags changed)`],
    ],
    [
      "a middleware that it names",
      [{ ...web, tags: [...web.tags, ...throttled(5)] }],
      [{ ...web, tags: [...web.tags, ...throttled(6)] }],
      [`route web changed: Host(\`web\`) [1 server] (its tags changed)`],
    ],
    [
      "withdrawn",
      [web],
      [{ ...web, tags: [] }],
      [`route web went (404): Host(\`web\`) -${url}:24001${where} [0 servers] (no longer exposed)`],
    ],
  ])("%s", (_, before, after, expected) => {
    expect(told(before, after)).toEqual(expected);
  });

  test("an instance that came back from critical is healthy again", () => {
    expect(told([web, { ...second, checks: critical }], [web, second])).toEqual([
      `route web gained a server: Host(\`web\`) → +${url}:24002${where} [2 servers] (healthy again)`,
    ]);
  });

  test("an instance that Nomad registered is named with its allocation", () => {
    const id = "_nomad-task-d5dee5cb-6d3e-5d0a-9b1c-0f3c2a1b4e5f-group-web-web-http";
    expect(told([], [{ ...web, id }])).toEqual([
      `route web came: Host(\`web\`) → +${url}:24001${where} alloc d5dee5cb [1 server] (registered)`,
    ]);
  });

  test("a line names at most four servers and counts the others", () => {
    const many = Array.from({ length: 6 }, (_, i) => instance({ id: `web-${i}`, port: 24_020 + i }));
    expect(told([], many)[0]).toContain(`+${url}:24023${where} +2 more [6 servers]`);
  });
});

function throttled(average: number): readonly string[] {
  return [`traefik.http.middlewares.slow.ratelimit.average=${average}`, "traefik.http.routers.web.middlewares=slow"];
}
