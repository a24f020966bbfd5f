import { expect, test } from "vitest";
import { createCatalog } from "../../src/simulator/catalog.ts";
import { listServices, readNode, readServiceHealth } from "../../src/simulator/queries.ts";

test("5,000 services with three instances each: every write and read of one service stays small", () => {
  const catalog = createCatalog();
  const names = Array.from({ length: 5_000 }, (_, i) => `service-${i}`);
  const nodes = ["n1", "n2", "n3"];
  for (const name of names) {
    for (const Node of nodes) {
      const Check = { CheckID: `service:${name}`, Name: name, Status: "passing", ServiceID: name };
      catalog.register({ Node, Address: "10.0.0.1", Service: { Service: name, Port: 20000 }, Check });
    }
  }
  expect(Object.keys(listServices(catalog.state).body as object)).toHaveLength(5_001);
  expect(readNode("n1")(catalog.state).body).toMatchObject({ Services: { "service-4999": { Port: 20000 } } });

  // A scan of all rows per service would take minutes here; the limit is far above the time of a direct look-up.
  const startMs = performance.now();
  for (const name of names) expect(readServiceHealth(name, [], true)(catalog.state).body).toHaveLength(3);
  expect(performance.now() - startMs).toBeLessThan(5_000);
});
