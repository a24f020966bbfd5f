import { describe, expect, test } from "vitest";
import { DIFF, HISTORY } from "../../src/api/resources/history.ts";
import { createChartHistory } from "../../src/app/chart-history.ts";
import type { Edge } from "../../src/app/edges/edge.ts";
import { renderChart } from "../../src/core/traefik/chart/render.ts";
import { chart, router, served } from "../builders/chart.ts";

const SECRET = "s3cret";
const gate = (hash: string) => ({ basicAuth: { users: [`u:${hash}`] } });
const TEXTS: Readonly<Record<number, string>> = {
  3: renderChart(chart({ routers: { web: router("web") }, services: { web: served("http://10.0.0.1:1") } })),
  5: renderChart(
    chart({
      routers: { web: router("web", ["gate"]), api: router("api") },
      services: { web: served("http://10.0.0.1:1"), api: served() },
      middlewares: { gate: gate(SECRET) },
    }),
  ),
};
const CURRENT = renderChart(chart({ routers: { web: router("web") }, services: { web: served("http://10.0.0.2:2") } }));

function edge(name: string, rolledBackTo?: number): Edge {
  const list = [5, 3].map((number) => ({ number, publishedAtMs: number * 1_000, hash: `h${number}`, reason: "r" }));
  return {
    name,
    daemon: {
      rollback: () => (rolledBackTo === undefined ? undefined : { number: rolledBackTo, sinceMs: 0, text: "" }),
    },
    publishedText: () => CURRENT,
    versions: { list: async () => list, text: async (number: number) => TEXTS[number], keep: async () => {} },
  } as unknown as Edge;
}

const history = createChartHistory([edge("main", 3), edge("public")]);

async function diff(query: Readonly<Record<string, string>>) {
  const answer = await history.diff(DIFF.query.parse(query));
  expect(DIFF.answer.strict().parse(answer)).toEqual(answer);
  return answer;
}

test("the versions of all charts are listed, with the one that is in force since a rollback", async () => {
  const answer = await history.versions(undefined);
  expect(HISTORY.answer.strict().parse(answer)).toEqual(answer);
  expect(answer.versions.map(({ chart, number, isRolledBackTo }) => [chart, number, isRolledBackTo])).toEqual([
    ["main", 5, false],
    ["main", 3, true],
    ["public", 5, false],
    ["public", 3, false],
  ]);
  expect((await history.versions("public")).versions).toHaveLength(2);
});

describe("a version is compared", () => {
  test("with the one before it that is kept, without secrets", async () => {
    const answer = await diff({ to: "5" });
    expect(answer).toMatchObject({ chart: "main", from: 3, to: 5, counts: { added: 1, changed: 1, removed: 0 } });
    expect(answer.routers).toEqual([
      {
        key: "http/routers/api",
        label: "router api",
        kind: "added",
        resources: ["http/routers/api", "http/services/api"],
      },
      {
        key: "http/routers/web",
        label: "router web",
        kind: "changed",
        resources: ["http/routers/web", "http/middlewares/gate"],
      },
    ]);
    expect(JSON.stringify(answer)).not.toContain(SECRET);
  });

  test("with the chart in force: what a rollback to it would change", async () => {
    const answer = await diff({ to: "3", from: "current" });
    expect(answer.resources).toEqual([
      {
        key: "http/services/web",
        label: "service web",
        kind: "changed",
        fields: [
          { name: "loadBalancer.servers", kind: "removed", before: "http://10.0.0.2:2" },
          { name: "loadBalancer.servers", kind: "added", after: "http://10.0.0.1:1" },
        ],
      },
    ]);
  });
});

test.each([
  [{ to: "3" }, "portolan rollback --diff 3 compares it with the chart in force"],
  [{ to: "4" }, "there is no version 4 of chart main; kept: 5, 3"],
  [{ to: "5", from: "1" }, "there is no version 1 of chart main; kept: 5, 3"],
  [{ to: "5", chart: "x" }, 'there is no chart "x"; known: main, public'],
])("%j is not there: the message says what is", async (query, message) => {
  await expect(diff(query)).rejects.toMatchObject({
    code: "E_API_NOT_FOUND",
    message: expect.stringContaining(message),
  });
});

test("two are compared at a time, and no more", async () => {
  const first = diff({ to: "5" });
  await expect(diff({ to: "5" })).rejects.toMatchObject({ code: "E_API_BUSY" });
  await first;
  await expect(diff({ to: "5" })).resolves.toBeDefined();
});
