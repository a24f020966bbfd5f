import { describe, expect, test } from "vitest";
import type { PathPattern } from "../../../src/simulator/api/path-pattern.ts";
import type { Catalog } from "../../../src/simulator/state/catalog.ts";
import { holdBack } from "./hold-back.ts";
import { inWorld, register } from "./world.ts";

const SERVICE = "/v1/health/service/new";

/** Writes that no registration on a node shows, and that concern an instance whose service is being read for the first time. */
const WRITES: Readonly<Record<string, OvertakingWrite>> = {
  "its check begins to pass": {
    shownBy: "/v1/health/state/any",
    before: (catalog) => register(catalog, { service: "new", status: "critical" }),
    write: (catalog) => catalog.setCheck("node-1", "service:new", "passing"),
  },
  "the check of its node begins to pass": {
    shownBy: "/v1/health/state/any",
    before(catalog) {
      catalog.register({
        Node: "node-1",
        Address: "10.0.0.1",
        Check: { CheckID: "alive", Name: "node is alive", Status: "critical" },
      });
      register(catalog, { service: "new" });
    },
    write: (catalog) => catalog.setCheck("node-1", "alive", "passing"),
  },
  "its node moves": {
    shownBy: "/v1/catalog/nodes",
    before: (catalog) => register(catalog, { service: "new" }),
    write: (catalog) => catalog.register({ Node: "node-1", Address: "10.0.0.2" }),
  },
};

interface OvertakingWrite {
  /** The poll that tells of the write: it is asked again when its answer has been taken. */
  readonly shownBy: PathPattern;
  before(catalog: Catalog): void;
  write(catalog: Catalog): void;
}

/** The service is in no snapshot yet when the news comes that would have it read again. */
describe.each(["per-node", "sweep"])("%s: while a new service is being read", (strategy) => {
  test.each(Object.entries(WRITES))("%s: that is seen", async (_, { shownBy, before, write }) => {
    await inWorld(
      { strategy, prepare: (catalog) => register(catalog, { service: "old" }) },
      async ({ catalog, server, source, watching, eventually }) => {
        await watching();
        const showService = holdBack({ server }, SERVICE, { says: "what was" });
        before(catalog);
        await eventually("the read", () => server.requests.count(SERVICE) > 0);
        const shown = server.requests.count(shownBy);
        write(catalog);
        await eventually("the write to be shown", () => server.requests.count(shownBy) > shown);
        showService();
        const seen = () => source.snapshot()?.instances.find(({ service }) => service === "new");
        const address = catalog.state.tables.node("node-1")?.Address;
        await eventually("what is true", () => {
          const now = seen();
          return now?.nodeAddress === address && now?.checks.every(({ status }) => status === "passing");
        });
        expect(seen()?.nodeAddress).toBe(address);
      },
    );
  });
});
