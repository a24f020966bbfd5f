import { beforeAll, expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { watchQuery } from "../../src/simulator/api/blocking.ts";
import { listServices, readNode, readServiceHealth } from "../../src/simulator/consul/queries.ts";
import { type Catalog, createCatalog } from "../../src/simulator/state/catalog.ts";
import type { Registration } from "../../src/simulator/state/registration.ts";
import { until } from "../support/await-until.ts";

const NODES = ["n1", "n2"];
const NAMES = Array.from({ length: 25_000 }, (_, i) => `service-${i}`);

function registration(Node: string, name: string, port = 20_000): Registration {
  const Check = { CheckID: `service:${name}`, Name: name, Status: "passing", ServiceID: name };
  return { Node, Address: "10.0.0.1", Service: { Service: name, Port: port }, Check };
}

function worldOf50_000(): Catalog {
  const catalog = createCatalog();
  catalog.load(NODES.flatMap((node) => NAMES.map((name) => registration(node, name))));
  return catalog;
}

let catalog: Catalog;

beforeAll(() => {
  catalog = worldOf50_000();
}, 60_000);

test("50,000 instances: what is loaded is there, and reading each service looks at its own rows only", () => {
  expect(Object.keys(listServices(catalog.state).body as object)).toHaveLength(NAMES.length + 1);
  expect(readNode("n1")(catalog.state).body).toMatchObject({ Services: { "service-4999": { Port: 20_000 } } });

  // A scan of all rows for each service would take an hour here, far beyond the time that the test is given.
  const instances = NAMES.map(
    (name) => readServiceHealth(name, [], true)(catalog.state).json.split('"Node":{').length - 1,
  );
  expect(instances.reduce((sum, count) => sum + count, 0)).toBe(50_000);
}, 60_000);

test("one write wakes the one query of 5,000 that watches its service", async () => {
  const gone = new AbortController();
  const woken: string[] = [];
  const polls = NAMES.slice(0, 5_000).map(async (name) => {
    const query = readServiceHealth(name, [], false);
    const minIndex = BigInt(query(catalog.state).index);
    await watchQuery(catalog, query, { minIndex, waitMs: 600_000, clock: systemClock, gone: gone.signal });
    woken.push(name);
  });
  catalog.register(registration("n1", "service-77", 20_001));
  await until(() => woken.length > 0, { timeoutMs: 10_000, what: "the query to wake" });
  catalog.load(["service-78", "service-79"].map((name) => registration("n1", name, 20_001)));
  await until(() => woken.length > 2, { timeoutMs: 10_000, what: "the queries to wake" });
  expect(woken).toEqual(["service-77", "service-78", "service-79"]);
  gone.abort();
  await Promise.all(polls);
}, 60_000);
