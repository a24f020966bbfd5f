import { beforeEach, describe, expect, test } from "vitest";
import type { DynamicConfig } from "../../src/core/traefik/chart/dynamic-config.ts";
import { type LastPublication, lastPublication } from "../../src/traefik-api/last-publication.ts";
import { chart, router, served } from "../builders/chart.ts";
import { createFakeTraefik, type FakeTraefik } from "../fakes/fake-traefik.ts";

let traefik: FakeTraefik;
let publication: LastPublication;
const { signal } = new AbortController();

beforeEach(() => {
  traefik = createFakeTraefik();
  publication = lastPublication(traefik);
});

const EMPTY = chart({});
const shop = (url: string) => chart({ routers: { shop: router("shop") }, services: { shop: served(url) } });
const single = (rule: string) => ({ rule, service: "shop", entryPoints: ["web"] });

test("without a chart before it nothing can be told, and nothing is asked", async () => {
  expect(await publication.isTaken(signal)).toBeUndefined();
  publication.charted(EMPTY);
  expect(await publication.isTaken(signal)).toBeUndefined();
  expect(traefik.asked()).toEqual([]);
});

describe.each<[string, DynamicConfig, DynamicConfig]>([
  ["a new service", EMPTY, shop("http://10.0.0.1:1")],
  ["one that has gone", shop("http://10.0.0.1:1"), EMPTY],
  ["another server", shop("http://10.0.0.1:1"), shop("http://10.0.0.1:2")],
  [
    "another rule at one entry point",
    chart({ routers: { shop: single("Host(`a`)") } }),
    chart({ routers: { shop: single("Host(`b`)") } }),
  ],
])("%s", (_, before, after) => {
  test("tells when Traefik has the chart", async () => {
    traefik.takes(before);
    publication.charted(before);
    publication.charted(after);
    expect(await publication.isTaken(signal)).toBe(false);
    traefik.takes(after);
    expect(await publication.isTaken(signal)).toBe(true);
  });
});

test("what Traefik may list under other names, or does not tell apart, tells nothing", async () => {
  const manyDoors = (rule: string) =>
    chart({ routers: { shop: { rule, service: "shop", entryPoints: ["web", "websecure"] } } });
  publication.charted(manyDoors("Host(`a`)"));
  publication.charted(manyDoors("Host(`b`)"));
  expect(await publication.isTaken(signal)).toBeUndefined();
  publication.charted(chart({ services: { shop: { loadBalancer: { passHostHeader: "false", servers: [] } } } }));
  publication.charted(chart({ services: { shop: { loadBalancer: { servers: [] } } } }));
  expect(await publication.isTaken(signal)).toBeUndefined();
  expect(traefik.asked()).toEqual([]);
});

test("one thing of a file is as good as all, and three questions are the most", async () => {
  const names = ["a", "b", "c", "d", "e"];
  const all = chart({ services: Object.fromEntries(names.map((name) => [name, served("http://10.0.0.1:1")])) });
  publication.charted(EMPTY);
  publication.charted(all);
  expect(await publication.isTaken(signal)).toBe(false);
  expect(traefik.asked()).toHaveLength(3);
  traefik.takes(all);
  expect(await publication.isTaken(signal)).toBe(true);
  expect(traefik.asked()).toHaveLength(1);
});

test("an API that is away tells nothing", async () => {
  publication.charted(EMPTY);
  publication.charted(shop("http://10.0.0.1:1"));
  traefik.goes("E_TRAEFIK_API_UNREACHABLE");
  expect(await publication.isTaken(signal)).toBeUndefined();
  traefik.comesBack();
  expect(await publication.isTaken(signal)).toBe(false);
});

test("the same chart again is no publication", async () => {
  const after = shop("http://10.0.0.1:1");
  publication.charted(EMPTY);
  publication.charted(after);
  publication.charted(after);
  traefik.takes(after);
  expect(await publication.isTaken(signal)).toBe(true);
});
