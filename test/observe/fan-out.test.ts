import { expect, test } from "vitest";
import { AppError } from "../../src/base/errors.ts";
import { type ChartListener, fanOutCatalog, fanOutChart } from "../../src/observe/fan-out.ts";
import { instance, pass, snapshot } from "../builders/world.ts";

const FULL = new AppError("the disk is full", { code: "E_OUTPUT_NO_SPACE", retryable: true });

test("each report reaches every listener that handles it, in the order of the list", () => {
  const heard: string[] = [];
  const observer = fanOutChart([
    {
      unwritable: ({ code }, retryInMs) => heard.push(`first ${code} ${retryInMs}`),
      standingBy: () => heard.push("no"),
    },
    {},
    { unwritable: ({ code }, retryInMs) => heard.push(`last ${code} ${retryInMs}`) },
  ]);
  observer.unwritable(FULL, 1_000);
  observer.rollbackEnded(3);
  expect(heard).toEqual(["first E_OUTPUT_NO_SPACE 1000", "last E_OUTPUT_NO_SPACE 1000"]);
});

test("of a pass all listeners get the same hash and the same reported diagnostics", () => {
  const heard: Parameters<NonNullable<ChartListener["charted"]>>[0][] = [];
  const listener: ChartListener = { charted: (charted) => heard.push(charted) };
  const decision = pass([instance()]);
  const report = { decision, snapshots: [snapshot([])], published: { didWrite: true }, lagMs: 12 };
  fanOutChart([listener, listener]).charted(report);
  expect(heard).toHaveLength(2);
  expect(heard[0]).toBe(heard[1]);
  expect(heard[0]).toMatchObject({ ...report, diagnostics: { reported: [], suppressed: 0 } });
});

test("every report has its place", () => {
  const heard: string[] = [];
  const everything = new Proxy({}, { get: (_, name) => () => heard.push(String(name)) });
  const chart = fanOutChart([everything]);
  chart.adopted({ routers: undefined, storedSnapshots: [] });
  chart.confirmed("a chart");
  chart.setAside("damaged", "/state/x");
  chart.stateNoted("cut off");
  chart.charted({ decision: pass([]), snapshots: [], published: { didWrite: false }, lagMs: 0 });
  chart.rolledBack({ number: 1, sinceMs: 0 });
  chart.rollbackEnded(1);
  chart.held({ kind: "blind", routers: [], sinceMs: 0 });
  chart.released({ kind: "blind", routers: [], sinceMs: 0 }, false);
  chart.unwritable(FULL, 1);
  chart.stateUnsaved(FULL);
  chart.confirmFailed(FULL, undefined);
  chart.standingBy("pid 1");
  chart.writesAlone();
  chart.directoryRefused({ file: "static.yml", message: "static.yml: found invalid YAML" });
  chart.directoryLoadable();
  chart.traefikRead(undefined);
  expect(heard).toEqual(Object.keys(chart));
  heard.length = 0;
  const catalog = fanOutCatalog([everything]);
  catalog.requested("/v1/x");
  catalog.failed(FULL, "x", 1, { failures: 1, forMs: 0 });
  catalog.recovered(1, 1);
  catalog.strategyChosen("per-service", "few");
  catalog.connectionsShort(3, 64);
  catalog.sightChanged("no-leader", true, []);
  catalog.settingDoubted("x");
  catalog.missed([]);
  catalog.eventsHeard("x");
  catalog.eventsUnheard("x", undefined, undefined);
  catalog.eventsReopened();
  catalog.credentialsRenewed("x");
  catalog.credentialsWarned("x");
  expect(heard).toEqual(Object.keys(catalog));
});
