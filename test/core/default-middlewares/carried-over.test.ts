import { describe, expect, test } from "vitest";
import { initialMemory, type Memory } from "../../../src/core/memory.ts";
import { parseChart } from "../../../src/core/traefik/chart/parse-chart.ts";
import { instance, NOW_MS, pass, settings } from "../../builders/world.ts";

const SERVICES = Array.from({ length: 8 }, (_, number) =>
  instance({
    ...{ service: `web-${number}`, id: `web-${number}`, port: 24_001 + number, createIndex: number },
    tags: [
      "traefik.enable=true",
      `traefik.http.routers.web-${number}.middlewares=own`,
      "traefik.http.middlewares.own.compress=true",
      ...(number === 0 ? ["portolan.defaultMiddlewares=false"] : []),
    ],
  }),
);
const OPEN = { allow: [{ service: "web-0", withoutDefaultMiddlewares: true }] };

function by(id: string, defaultMiddlewares: Readonly<Record<string, readonly string[]>>) {
  return { ...settings({ ...OPEN, traefik: { defaultMiddlewares } }), id };
}

/** Most of the services are gone from the next answer, so that a guard holds their routers; the settings are other ones by then. */
function held(
  before: ReturnType<typeof by>,
  after: ReturnType<typeof by>,
  between = (memory: Memory, _text: string) => memory,
): ReadonlyMap<string, unknown> {
  const first = pass(SERVICES, { settings: before });
  const previous = between(first.memory, first.text);
  const { chart, memory } = pass([], { settings: after, previous, nowMs: NOW_MS + 1_000 });
  expect(memory.removals.holds.length).toBeGreaterThan(0);
  expect(chart["http/routers"].size).toBe(SERVICES.length);
  return new Map(Array.from(chart["http/routers"], ([name, router]) => [name, router["middlewares"]]));
}

const AUTH = by("auth", { "*": ["auth@file"] });

describe("other default middlewares reach routers that are held", () => {
  test("where there were none", () => {
    expect(held(by("none", {}), AUTH).get("web-1")).toEqual(["auth@file", "own"]);
  });

  test("in place of others, and where there are none any more", () => {
    const two = by("two", { "*": ["auth@file", "headers@file"] });
    expect(held(two, AUTH).get("web-1")).toEqual(["auth@file", "own"]);
    expect(held(AUTH, two).get("web-1")).toEqual(["auth@file", "headers@file", "own"]);
    expect(held(AUTH, by("none", {})).get("web-1")).toEqual(["own"]);
  });

  test("a router that was without stays so by the same settings, and has them by others until its service is back", () => {
    expect(held(AUTH, AUTH).get("web-0")).toEqual(["own"]);
    expect(held(AUTH, by("two", { "*": ["sso@file"] })).get("web-0")).toEqual(["sso@file", "own"]);
  });

  test("a process that was ended between chart and state does not give them twice", () => {
    const again = held(by("none", {}), AUTH, ({ owners, chart }, text) => {
      const { chart: made } = pass(SERVICES, { settings: AUTH });
      expect(text).not.toContain("auth@file");
      const { owners: known } = initialMemory(made);
      return { ...initialMemory(made), owners: new Map([...known, ...owners]), chart: { ...chart, published: made } };
    });
    expect(again.get("web-1")).toEqual(["auth@file", "own"]);
  });

  test("after a restart without its state the chart on disk is what it is", () => {
    const again = held(AUTH, AUTH, (_, text) => {
      const parsed = parseChart(text);
      if (parsed === undefined) throw new Error("the chart cannot be read");
      return { ...initialMemory(parsed), owners: pass(SERVICES, { settings: AUTH }).memory.owners };
    });
    expect(again.get("web-1")).toEqual(["auth@file", "own"]);
  });
});

test("the next pass by the same settings writes the same bytes", () => {
  const first = pass(SERVICES, { settings: AUTH });
  const next = pass(SERVICES, { settings: AUTH, previous: first.memory, nowMs: NOW_MS + 1_000 });
  expect(next.text).toBe(first.text);
  expect(next.changes).toEqual([]);
});
