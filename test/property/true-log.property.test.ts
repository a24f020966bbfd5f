import fc from "fast-check";
import { expect, test } from "vitest";
import { initialMemory, type Memory } from "../../src/core/memory.ts";
import { reconcile } from "../../src/core/reconcile.ts";
import { type Hold, rulesOf } from "../../src/core/removals/hold.ts";
import { releaseHolds } from "../../src/core/removals/release.ts";
import { holdChanges } from "../../src/daemon/holds/hold-changes.ts";
import { createDaemonLog } from "../../src/observe/log/daemon-log.ts";
import { NOW_MS, settings } from "../builders/world.ts";
import { createRecordingLog, type LoggedEvent } from "../fakes/recording-log.ts";
import { charted, UNWRITTEN } from "../observe/charted.ts";
import { type ChartFacts, chartFacts } from "./history/chart-facts.ts";
import { are, BLAMED, isSo, type Moment } from "./history/claims.ts";
import { after, anyHistory, type Happening } from "./history/happening.ts";
import { isShown, shownBy, type TrueCatalog } from "./history/true-catalog.ts";

const SETTINGS = [settings(), settings({ traefik: { defaultRule: "Host(`{{ .Name }}.lab`)" } })] as const;

/** What one pass made of the catalog, and what was logged of it. */
interface Page {
  readonly moment: Moment;
  readonly events: readonly LoggedEvent[];
  readonly holdsBefore: readonly Hold[];
  readonly holds: readonly Hold[];
}

/** Lets the catalog go through a history, one pass after each event, and gathers what is logged. */
function play(history: readonly Happening[]): readonly Page[] {
  const log = createRecordingLog();
  const listener = createDaemonLog({ log, edge: "main", output: "chart.yml", clock: { nowMs: () => NOW_MS } });
  let was: TrueCatalog | undefined;
  let now: TrueCatalog = {
    ...{ registered: new Map(), hiddenIds: undefined, indexResetAtMs: undefined, confirmedAtMs: NOW_MS },
    nowMs: NOW_MS,
  };
  let memory: Memory = initialMemory(undefined);
  let chartBefore: ChartFacts = new Map();
  let settingsNow = 0;
  const haveServed = new Set<string>();
  return history.map((happened, step) => {
    now = after(now, happened, step + 1);
    const areSettingsOther = happened.kind === "other-settings";
    if (areSettingsOther) settingsNow = 1 - settingsNow;
    const holdsBefore = memory.removals.holds;
    const ending = happened.kind === "release" ? holdsBefore.filter((hold) => rulesOf(hold).isReleasable) : [];
    const snapshots = [shownBy(now)];
    const decision = reconcile({
      ...{ snapshots, nowMs: now.nowMs, settings: SETTINGS[settingsNow] ?? SETTINGS[0] },
      previous: { ...memory, removals: releaseHolds(memory.removals, ending) },
    });
    memory = decision.memory;
    listener.charted(charted(decision, { snapshots, ...UNWRITTEN }));
    const { held, released } = holdChanges(holdsBefore, memory.removals.holds, ending);
    for (const { hold, isByHand } of released) listener.released(hold, isByHand);
    for (const hold of held) listener.held(hold);
    const chart = chartFacts(decision.chart);
    const moment = { was, now, chartBefore, chart, haveServed: new Set(haveServed), areSettingsOther };
    const page = { moment, events: [...log.events], holdsBefore, holds: memory.removals.holds };
    log.clear();
    for (const id of haveServed) if (!now.registered.has(id)) haveServed.delete(id);
    for (const { id, port } of now.registered.values()) if (isServing(chart, port)) haveServed.add(id);
    [was, chartBefore] = [now, chart];
    return page;
  });
}

function urlOf(port: number): string {
  return `http://192.168.11.11:${port}`;
}

function isServing(chart: ChartFacts, port: number): boolean {
  return [...chart.values()].some(({ servers }) => servers.has(urlOf(port)));
}

/** What happened to each router, by the charts alone. */
function happenedTo({ chartBefore, chart }: Moment): ReadonlyMap<string, string> {
  const happened = new Map<string, string>();
  for (const router of new Set([...chartBefore.keys(), ...chart.keys()])) {
    const [old, now] = [chartBefore.get(router), chart.get(router)];
    const isSame = [...(old?.servers ?? [])].join() === [...(now?.servers ?? [])].join();
    if (old === undefined) happened.set(router, "route.added");
    else if (now === undefined) happened.set(router, "route.removed");
    else if (old.servers.size > 0 && now.servers.size === 0) happened.set(router, "route.emptied");
    else if (old.servers.size === 0 && now.servers.size > 0) happened.set(router, "route.restored");
    else if (old.meaning !== now.meaning) happened.set(router, "route.changed");
    else if (!isSame) happened.set(router, "route.servers");
  }
  return happened;
}

interface RouteData {
  readonly router: string;
  readonly service: string | undefined;
  readonly why: string;
  readonly added: readonly ServerData[];
  readonly removed: readonly ServerData[];
}

interface ServerData {
  readonly url: string;
  readonly why: string;
  readonly instance?: { readonly id: string };
}

function untrueOfRoutes({ moment, events }: Page): readonly string[] {
  const routes = events.filter(({ event }) => event.startsWith("route."));
  const told = new Map(routes.map(({ event, data }) => [String(data["router"]), event as string]));
  const untrue: string[] = [];
  if (told.size !== routes.length) untrue.push("a router has two lines");
  const happened = happenedTo(moment);
  for (const [router, event] of happened) {
    if (told.get(router) !== event) untrue.push(`${router}: ${event}, told is ${told.get(router)}`);
  }
  for (const router of told.keys()) if (!happened.has(router)) untrue.push(`nothing happened to ${router}`);
  for (const { data, message } of routes) {
    const { router, service = "", why, added, removed } = data as unknown as RouteData;
    const [old, now] = [moment.chartBefore.get(router), moment.chart.get(router)];
    const came = [...(now?.servers ?? [])].filter((url) => old?.servers.has(url) !== true);
    const went = [...(old?.servers ?? [])].filter((url) => now?.servers.has(url) !== true);
    if (!isSameSet(came, added) || !isSameSet(went, removed))
      untrue.push(`other servers than in the chart: ${message}`);
    const first = added[0] ?? removed[0];
    const isOfServer = why === first?.why;
    const reasons = [
      ...(isOfServer ? [] : [{ reason: why, id: undefined }]),
      ...[...added, ...removed].map((server) => ({ reason: server.why, id: server.instance?.id })),
    ];
    for (const { reason, id } of reasons) {
      if (isSo(reason, moment, { service, id, router }) !== true) untrue.push(`not so: ${reason} (${id}): ${message}`);
    }
  }
  return untrue;
}

function isSameSet(urls: readonly string[], told: readonly ServerData[]): boolean {
  return (
    urls.toSorted().join() ===
    told
      .map(({ url }) => url)
      .toSorted()
      .join()
  );
}

function untrueOfDiagnostics({ moment: { now }, events }: Page): readonly string[] {
  return events
    .filter(({ event }) => event === "diagnostic.found" || event === "diagnostic.cleared")
    .filter(({ event, message, data }) => {
      const blamed = BLAMED[String(data["code"])];
      if (blamed === undefined) return false;
      const { instance } = data["subject"] as { instance: string };
      const [one] = are(now, { service: "", id: instance });
      if (message.includes("no longer in the catalog")) return one !== undefined;
      if (one === undefined) return true;
      const isWrong = blamed.includes(one.tags);
      if (event === "diagnostic.found") return !isWrong || !isShown(now, instance);
      const isMended = !isWrong || (one.tags === "noGate" && are(now, { service: "gate", id: undefined }).length > 0);
      const isLookedAt = one.isHealthy || one.tags === "hidden";
      return !isMended || !isLookedAt || now.hiddenIds !== undefined;
    })
    .map(({ event, message }) => `not so: ${event}: ${message}`);
}

function untrueOfHolds({ events, holds, holdsBefore }: Page): readonly string[] {
  const untrue: string[] = [];
  const told = events.filter(({ event }) => event === "chart.held");
  for (const { kind, routers } of holds) {
    const line = told.find(({ data }) => data["kind"] === kind);
    if (line === undefined) {
      if (!holdsBefore.some((hold) => hold.kind === kind)) untrue.push(`the hold ${kind} began and is not told`);
    } else if (line.data["count"] !== routers.length) untrue.push(`held are ${routers.length}: ${line.message}`);
  }
  for (const { data, message } of told) {
    if (!holds.some(({ kind }) => kind === data["kind"])) untrue.push(`nothing is held: ${message}`);
  }
  return untrue;
}

test("what the log says of routes, diagnostics and holds is what happened, whatever happens", () => {
  fc.assert(
    fc.property(anyHistory, (history) => {
      for (const page of play(history)) {
        const lines = page.events.map(({ message }) => message);
        expect(
          [...untrueOfRoutes(page), ...untrueOfDiagnostics(page), ...untrueOfHolds(page)],
          lines.join("\n"),
        ).toEqual([]);
        expect(page.events.filter((line) => JSON.stringify(line).length > 2_048)).toEqual([]);
        expect(lines.filter((line) => /\b1 \w+s\b(?! (?:is|has))/.test(line))).toEqual([]);
      }
    }),
    { numRuns: 50 },
  );
});

test("whatever was found is told as settled or over once all is well", () => {
  fc.assert(
    fc.property(anyHistory, (history) => {
      const open = new Set<string>();
      for (const { event, data } of play([...history, { kind: "mend" }]).flatMap((page) => page.events)) {
        const { code, subject } = data as { code: string; subject: { service: string } };
        if (BLAMED[code] === undefined) continue;
        if (event === "diagnostic.found") open.add(`${code} ${subject.service}`);
        if (event === "diagnostic.cleared") open.delete(`${code} ${subject.service}`);
      }
      expect([...open]).toEqual([]);
    }),
    { numRuns: 25 },
  );
});
