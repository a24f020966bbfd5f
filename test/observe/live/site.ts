import type { Decision } from "../../../src/core/decision.ts";
import { finish } from "../../../src/core/incremental/steps.ts";
import { createLiveFeed, type LiveFeed } from "../../../src/observe/live/live-feed.ts";
import { createChartEvents } from "../../../src/observe/status/chart-events.ts";
import { createStatusKeeper } from "../../../src/observe/status/chart-status.ts";
import { chartSummary } from "../../../src/observe/status/chart-summary.ts";
import { createRecentEvents } from "../../../src/observe/status/recent-events.ts";
import { statusView } from "../../../src/observe/status/status-view.ts";
import { type instance, NOW_MS, pass } from "../../builders/world.ts";
import { createFakeClock, settle } from "../../fakes/fake-clock.ts";
import { charted } from "../charted.ts";
import { watched } from "../status/statuses.ts";

/** An event of a stream. */
export interface Told {
  readonly event: string;
  readonly id: number | undefined;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The events in a piece of a stream. */
export function toldIn(text: string): readonly Told[] {
  return text.split("\n\n").flatMap((block) => {
    const fields = new Map(block.split("\n").map((line) => [line.split(": ", 1)[0], line.replace(/^\w*: /, "")]));
    const [event, data, id] = [fields.get("event"), fields.get("data"), fields.get("id")];
    if (event === undefined || data === undefined) return [];
    return [{ event, id: id === undefined ? undefined : Number(id), data: JSON.parse(data) }];
  });
}

/** A daemon with one chart, of which streams are told. */
export function createSite(startedAtMs = NOW_MS) {
  const clock = createFakeClock(startedAtMs);
  const site = {
    feed: NOT_YET as LiveFeed,
    steps: 0,
    statusesMade: 0,
    isReady: true,
    failures: [] as unknown[],
    breaks: undefined as Error | undefined,
  };
  const events = createRecentEvents({ startedAtMs, sleep: clock.sleep, added: () => site.feed.changed() });
  const keeper = createStatusKeeper({ clock, version: "1", output: "chart.yml", changed: () => site.feed.changed() });
  const ofChart = createChartEvents(events, { chart: "main", output: "chart.yml", nowMs: clock.nowMs });
  let last: Decision | undefined;
  site.feed = createLiveFeed({
    ...{ events, clock, links: () => NO_LINKS },
    charts: () => [{ name: "main", status: keeper.current() }],
    status() {
      site.statusesMade += 1;
      if (site.breaks) throw site.breaks;
      const view = statusView(keeper.current(), [watched()], { isReady: site.isReady, reasons: [] }, clock.nowMs());
      const dynamicPorts = { ports: "20000-32000", origin: "x" };
      return {
        ...view,
        chart: chartSummary(keeper.current()),
        stateDir: "",
        edges: [],
        dynamicPorts,
        ingress: [],
        serve: null,
      };
    },
    async run(steps) {
      site.steps += 1;
      if (site.breaks) throw site.breaks;
      return finish(steps);
    },
    told() {},
    failed: (error) => site.failures.push(error),
  });

  /** A pass over these, published. */
  async function publish(...instances: readonly ReturnType<typeof instance>[]): Promise<void> {
    const decision = pass(instances, { nowMs: clock.nowMs(), ...(last && { previous: last.memory }) });
    last = decision;
    ofChart.charted?.(charted(decision));
    keeper.charted(charted(decision));
    for (let turn = 0; turn < 5; turn += 1) await settle();
  }

  return { site, clock, events, keeper, publish };
}

const NO_LINKS = {};
/** Nothing is reported before the feed is made. */
const NOT_YET: unknown = undefined;

/** A stream that reads on demand. */
export function openStream(feed: LiveFeed, after?: number) {
  const { first, position } = feed.join(after);
  let at = position;
  return {
    start: toldIn(Buffer.concat([...first]).toString()),
    begin: Buffer.concat([...first]).toString(),
    /** What has come since the last time. */
    read(): readonly Told[] {
      const parts: Buffer[] = [];
      for (let frame = feed.frames.at(at); frame !== undefined; frame = feed.frames.at(at)) {
        parts.push(frame.bytes);
        at += 1;
      }
      return toldIn(Buffer.concat(parts).toString());
    },
    isCutOff: () => feed.frames.isDropped(at),
  };
}
