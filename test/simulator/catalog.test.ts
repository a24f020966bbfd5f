import { expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { watchQuery } from "../../src/simulator/api/blocking.ts";
import { listServices, readServiceHealth } from "../../src/simulator/consul/queries.ts";
import { createCatalog } from "../../src/simulator/state/catalog.ts";

/** A blocking query on one service, at its present index. */
function watch(catalog: ReturnType<typeof createCatalog>, service: string) {
  const query = readServiceHealth(service, [], false);
  const minIndex = BigInt(query(catalog.state).index);
  const gone = new AbortController();
  const waiting = { minIndex, waitMs: 60_000, clock: systemClock, gone: gone.signal };
  return { answer: watchQuery(catalog, query, waiting), leave: () => gone.abort() };
}

function catalogWithWeb() {
  const catalog = createCatalog();
  catalog.register({
    Node: "n1",
    Address: "10.0.0.1",
    Service: { Service: "web", Port: 20000 },
    Check: { CheckID: "c", Name: "c", Status: "passing", ServiceID: "web" },
  });
  return catalog;
}

test("setCheck changes status and output, keeps whose check it is, and wakes a blocked query", async () => {
  const catalog = catalogWithWeb();
  const { answer } = watch(catalog, "web");
  catalog.setCheck("n1", "c", "critical", "connection refused");
  expect((await answer).body).toMatchObject([
    { Checks: [{ Status: "critical", Output: "connection refused", ServiceID: "web", ServiceName: "web" }] },
  ]);
});

test("setCheck of a check that is not there is refused", () => {
  expect(() => catalogWithWeb().setCheck("n1", "other", "passing")).toThrow('Missing check "other" on node "n1"');
});

test("the rows of an answer do not change afterwards", () => {
  const catalog = catalogWithWeb();
  const before = readServiceHealth("web", [], false)(catalog.state);
  const text = JSON.stringify(before.body);
  catalog.register({ Node: "n1", Address: "10.0.0.9", Service: { Service: "web", Port: 20001 } });
  catalog.setCheck("n1", "c", "critical");
  expect(JSON.stringify(before.body)).toBe(text);
});

test("wipe ends a blocked query with the empty catalog and a lower index", async () => {
  const catalog = catalogWithWeb();
  catalog.deregister({ Node: "n1" });
  catalog.register({ Node: "n1", Address: "10.0.0.1", Service: { Service: "web" } });
  const { index } = listServices(catalog.state);
  const { answer } = watch(catalog, "web");
  catalog.wipe();
  expect((await answer).body).toEqual([]);
  expect(listServices(catalog.state).body).toEqual({ consul: [] });
  expect(listServices(catalog.state).index).toBeLessThan(index);
});

test("a client that leaves ends its query", async () => {
  const { answer, leave } = watch(catalogWithWeb(), "web");
  leave();
  await expect(answer).resolves.toMatchObject({ body: [{ Service: { ID: "web" } }] });
});

test("names that mean something to JavaScript are names", () => {
  const catalog = createCatalog();
  for (const Service of ["__proto__", "constructor", "toString"]) {
    catalog.register({ Node: "__proto__", Address: "10.0.0.1", Service: { Service } });
  }
  expect(JSON.stringify(listServices(catalog.state).body)).toBe(
    '{"consul":[],"__proto__":[],"constructor":[],"toString":[]}',
  );
});
