import { expect, test } from "vitest";
import { AppError } from "../../../src/base/errors.ts";
import { createSourceLog } from "../../../src/observe/log/source-log.ts";
import { createRecordingLog } from "../../fakes/recording-log.ts";

const REFUSED = new AppError("connection refused", { code: "E_CATALOG_CONNECTION", retryable: true });

test("a failing catalog is logged when it is news", () => {
  const log = createRecordingLog();
  const source = createSourceLog(log, undefined);
  source.strategyChosen("per-service", "3 services");
  log.clear();
  source.failed(REFUSED, "catalog/services", 500.4, { failures: 1, forMs: 0 });
  source.failed(REFUSED, "catalog/services", 500, undefined);
  expect(log.events).toEqual([
    {
      event: "source.failing",
      message: "catalog: connection refused; what was last good stays, trying again",
      data: { code: "E_CATALOG_CONNECTION", target: "catalog/services", retryInMs: 500, failures: 1, forMs: 0 },
    },
  ]);
});

test("before the catalog has been read there is nothing good that could stay", () => {
  const log = createRecordingLog();
  const source = createSourceLog(log, undefined);
  source.failed(REFUSED, "catalog/services", 500, { failures: 1, forMs: 0 });
  expect(log.lines).toEqual(["source.failing: catalog: connection refused; it has not been read yet, trying again"]);
});

test("a long outage is told again with its length", () => {
  const log = createRecordingLog();
  const source = createSourceLog(log, undefined);
  source.strategyChosen("per-service", "3 services");
  source.failed(REFUSED, "catalog/services", 500, { failures: 190, forMs: 180_000 });
  expect(log.lines.at(-1)).toBe(
    "source.failing: catalog: connection refused; so for 3 min (190 failed requests); what was last good stays, trying again",
  );
  source.recovered(1, 100);
  expect(log.lines.at(-1)).toBe("source.recovered: catalog answers again after 100 ms (1 failed request)");
});

test("where there are several catalogs, every line bears the catalog's name", () => {
  const log = createRecordingLog();
  const source = createSourceLog(log, "dc1");
  source.failed(REFUSED, "catalog/services", 500, { failures: 1, forMs: 0 });
  source.recovered(3, 5_000);
  source.strategyChosen("per-service", "3 services");
  source.missed(["a", "b"]);
  source.credentialsRenewed("another token");
  source.credentialsWarned("no token");
  expect(log.lines).toEqual([
    expect.stringMatching(/^source\.failing: catalog dc1: connection refused/),
    "source.recovered: catalog dc1 answers again after 5 s (3 failed requests)",
    expect.stringMatching(/^source\.watching: catalog dc1 read completely/),
    "source.missed: catalog dc1: a complete read found changes that the watch had missed, of a, b",
    "credentials.renewed: catalog dc1: another token",
    "credentials.warning: catalog dc1: no token",
  ]);
  expect(log.events.map(({ data }) => data["catalog"])).toEqual(Array.from({ length: 6 }, () => "dc1"));
});

test("a reason why the catalog may not show everything is logged when it comes and when it goes", () => {
  const log = createRecordingLog();
  const source = createSourceLog(log, undefined);
  source.sightChanged("no-leader", true, []);
  source.sightChanged("no-leader", false, []);
  const words = "the server that answers knows of no leader; what is missing may still be there";
  expect(log.events).toEqual([
    { event: "source.blind", message: `catalog: ${words}`, data: { sign: "no-leader" } },
    {
      event: "source.sighted",
      message: "catalog: the server that answers knows a leader again",
      data: { sign: "no-leader" },
    },
  ]);
});

test("an event stream that stays silent is told with the right that is missing, one that ends with the reason", () => {
  const log = createRecordingLog();
  const source = createSourceLog(log, "site");
  source.eventsUnheard("all namespaces", 'namespace "*" { capabilities = ["read-job"] }', undefined);
  source.eventsHeard("all namespaces");
  source.eventsUnheard("all namespaces", undefined, REFUSED);
  expect(log.events).toEqual([
    {
      event: "source.unheard",
      message:
        'catalog site: the event stream of all namespaces tells nothing: it stays silent, as Nomad does where a token may not listen; the token needs namespace "*" { capabilities = ["read-job"] }; changes are found without it, at the cost of more requests',
      data: { catalog: "site", scope: "all namespaces", right: 'namespace "*" { capabilities = ["read-job"] }' },
    },
    {
      event: "source.heard",
      message: "catalog site: the event stream of all namespaces is heard; what it points at is read",
      data: { catalog: "site", scope: "all namespaces" },
    },
    {
      event: "source.unheard",
      message:
        "catalog site: the event stream of all namespaces tells nothing: connection refused; changes are found without it, at the cost of more requests",
      data: { catalog: "site", scope: "all namespaces", code: "E_CATALOG_CONNECTION" },
    },
  ]);
});

test("a denied namespace is named, with what becomes of it and the rule that the token's policy lacks", () => {
  const log = createRecordingLog();
  const source = createSourceLog(log, undefined);
  source.sightChanged("denied-namespace", true, ["team"]);
  source.settingDoubted('nomad.namespace: Nomad has no namespace "prod"');
  expect(log.lines).toEqual([
    'source.blind: catalog: Nomad denies the token a namespace that it could read, or that the settings name (status 403); its services may still be there; what is charted of team stays until it can be read again or until portolan release; the token needs namespace "team" { capabilities = ["read-job"] }',
    'settings.warning: nomad.namespace: Nomad has no namespace "prod"',
  ]);
  expect(log.events[0]?.data).toEqual({ sign: "denied-namespace", namespaces: ["team"] });
});
