import { afterEach, describe, expect, test } from "vitest";
import { createPortSurveys, type SurveyedCatalog } from "../../../src/app/port-survey/port-survey.ts";
import type { ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import { portTable } from "../../../src/core/ports/inventory/port-table.ts";
import { NO_LEDGER } from "../../../src/core/ports/ledger/ledger.ts";
import { holders, type PortSurvey, portStateAt } from "../../../src/core/ports/survey.ts";
import { readAllByNode } from "../../../src/sources/consul/read-all.ts";
import { readAllByService } from "../../../src/sources/nomad/read-all.ts";
import { ledger } from "../../builders/ledger.ts";
import { instance, settings } from "../../builders/world.ts";
import { failure } from "../../daemon/world.ts";
import { createFakeClock, settle } from "../../fakes/fake-clock.ts";

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

const MINUTE_MS = 60_000;
const untagged = instance({ service: "job", id: "job", port: 9000, tags: [] });

/** Surveys of catalogs that have this, each read in so many requests. */
function createSite(registered: readonly ServiceInstance[] | string, requests = 1) {
  const clock = createFakeClock();
  const found: (PortSurvey | undefined)[] = [];
  const errors: string[] = [];
  const askedAtMs: number[] = [];
  const core = settings();
  let reloading = new AbortController();
  let declared = ledger({ ports: [{ ports: 9000, owner: "minio", exposure: "internal", purpose: "S3" }] });
  const site = {
    answer: registered,
    clock,
    found,
    errors,
    askedAtMs,
    run,
    reload,
    dropLedger,
    latest: () => surveys.latest(),
  };
  const catalog: SurveyedCatalog = {
    label: "consul",
    async registrations(pause, signal) {
      for (let at = 0; at < requests; at += 1) {
        await pause();
        if (signal.aborted) return [];
        askedAtMs.push(clock.nowMs());
      }
      if (typeof site.answer === "string") throw failure(site.answer);
      return site.answer;
    },
  };
  const surveys = createPortSurveys({
    catalogs: [catalog],
    core: () => ({ ...core, ports: { ...core.ports, ledger: declared } }),
    statics: () => [{ port: 5000, protocol: "tcp", host: "node-1", name: "http/services/nas" }],
    clock,
    random: () => 0.5,
    observer: {
      portsSurveyed: (survey) => found.push(survey),
      portsUnsurveyed: (label, { code }) => errors.push(`${label} ${code}`),
    },
  });
  function run(): AbortController {
    const stop = new AbortController();
    stops.push(() => stop.abort());
    void surveys.run(stop.signal, () => reloading.signal);
    return stop;
  }
  function reload(): void {
    reloading.abort();
    reloading = new AbortController();
  }
  function dropLedger(): void {
    declared = NO_LEDGER;
  }
  return site;
}

describe("a daemon with a ledger", () => {
  test("holds the ports of services without any tag against it, some time after the start and every few minutes", async () => {
    const { run, clock, found, latest } = createSite([untagged]);
    run();
    await settle();
    expect([found, latest()]).toEqual([[], undefined]);
    await clock.advance(MINUTE_MS);
    const state = found[0] && portStateAt(found[0], { port: 9000, protocol: "tcp", node: "node-1" });
    expect([state?.status, holders(state?.registrations ?? [])]).toEqual(["Squatted", ["job"]]);
    const first = latest();
    expect(first?.survey).toBe(found[0]);
    await clock.advance(6 * MINUTE_MS);
    expect(found).toHaveLength(2);
    expect(latest()?.survey).toBe(found[1]);
    expect(latest()?.takenAtMs).toBeGreaterThan(first?.takenAtMs ?? 0);
  });

  test("asks a few times a second at most, however many nodes there are, and stops with the daemon", async () => {
    const { run, clock, found, askedAtMs } = createSite([untagged], 1000);
    const stop = run();
    await clock.advance(2 * MINUTE_MS);
    expect(askedAtMs.length).toBeGreaterThan(100);
    const first = askedAtMs[0] ?? 0;
    const inTenSeconds = askedAtMs.filter((at) => at < first + 10_000);
    expect(inTenSeconds.length).toBeLessThanOrEqual(40);
    stop.abort();
    await settle();
    const asked = askedAtMs.length;
    await clock.advance(10 * MINUTE_MS);
    expect([askedAtMs.length, found.length]).toEqual([asked, 0]);
  });

  test("keeps what it knew while a catalog does not answer, and says why", async () => {
    const site = createSite("E_CATALOG_DENIED");
    site.run();
    await site.clock.advance(MINUTE_MS);
    expect([site.errors, site.found]).toEqual([["consul E_CATALOG_DENIED"], []]);
    site.answer = [];
    await site.clock.advance(6 * MINUTE_MS);
    expect(site.found).toHaveLength(1);
  });
});

describe("a reload of the settings", () => {
  test("lets a survey under way go on, which counts by the settings at its end", async () => {
    const site = createSite([untagged], 1000);
    site.run();
    for (let minutes = 0; minutes < 6; minutes += 1) {
      await site.clock.advance(MINUTE_MS);
      site.reload();
    }
    expect([site.askedAtMs.length, site.found.length]).toEqual([1000, 1]);
    site.dropLedger();
    site.reload();
    await site.clock.advance(MINUTE_MS);
    expect(site.found.slice(1)).toEqual([undefined]);
  });

  test("that takes the ledger away while one is under way shows nothing any more", async () => {
    const site = createSite([untagged], 1000);
    site.run();
    await site.clock.advance(MINUTE_MS);
    site.dropLedger();
    site.reload();
    await site.clock.advance(6 * MINUTE_MS);
    expect(site.found[0]).toBeUndefined();
    expect(site.found.length).toBeGreaterThan(0);
  });

  test("brings the next survey soon, since the ledger may be another one", async () => {
    const site = createSite([untagged]);
    site.run();
    await site.clock.advance(MINUTE_MS);
    site.reload();
    await site.clock.advance(MINUTE_MS);
    expect(site.found).toHaveLength(2);
  });
});

test("ports that the operator's files point at count, as in portolan ports", async () => {
  const site = createSite([untagged]);
  site.run();
  await site.clock.advance(MINUTE_MS);
  const rows = site.found[0] === undefined ? [] : portTable(site.found[0]);
  expect(rows.map(({ ports, status }) => [ports.first, status])).toEqual([
    [5000, "Static"],
    [9000, "Squatted"],
  ]);
});

test("without a ledger no catalog is asked, and nothing is shown any more", async () => {
  const site = createSite([untagged]);
  site.dropLedger();
  site.run();
  await site.clock.advance(20 * MINUTE_MS);
  expect(site.askedAtMs).toEqual([]);
  expect(new Set(site.found)).toEqual(new Set([undefined]));
});

describe("all registrations are read by single requests, each after a pause", () => {
  test("of Consul node by node, of Nomad service by service", async () => {
    const asked: string[] = [];
    const pause = async () => {
      asked.push("pause");
    };
    const answer = <T>(what: string, value: T) => {
      asked.push(what);
      return Promise.resolve({ index: 1n, value } as never);
    };
    const entry = { Node: { Node: "n", Address: "10.0.0.1", ID: "" }, Service: { ID: "s", Service: "s", Port: 1 } };
    await readAllByNode(
      {
        nodes: () =>
          answer(
            "nodes",
            new Map([
              ["a", entry.Node],
              ["b", entry.Node],
            ]),
          ),
        nodeEntries: (node: string) => answer(node, []),
      },
      pause,
      new AbortController().signal,
    );
    const all = await readAllByService(
      {
        services: () => answer("services", new Map([["default/web", []]])),
        instances: (service: string) => answer(service, [untagged]),
      },
      pause,
      new AbortController().signal,
    );
    expect(asked).toEqual(["nodes", "pause", "a", "pause", "b", "services", "pause", "default/web"]);
    expect(all).toEqual([untagged]);
  });

  test("a service that is not told is asked for once more, and of one that fails again the failure is told", async () => {
    let failures = 1;
    let asked = 0;
    const read = () =>
      readAllByService(
        {
          services: () =>
            Promise.resolve({ index: 1n, value: new Map(["a", "b"].map((name) => [`default/${name}`, []])) } as never),
          instances: () => {
            asked += 1;
            failures -= 1;
            if (failures >= 0) return Promise.reject(failure("E_CATALOG_TIMEOUT"));
            return Promise.resolve({ index: 1n, value: [untagged] } as never);
          },
        },
        () => Promise.resolve(),
        new AbortController().signal,
      );
    expect(await read()).toEqual([untagged, untagged]);
    expect(asked).toBe(3);
    failures = 2;
    await expect(read()).rejects.toMatchObject({ code: "E_CATALOG_TIMEOUT" });
  });
});
