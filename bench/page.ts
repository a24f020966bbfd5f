import { readdir, stat } from "node:fs/promises";
import { cpus } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { startChromium } from "../test/browser/support/chromium.ts";
import { type Cluster, startCluster } from "../test/browser/support/cluster.ts";
import { connection, routeRow } from "../test/browser/support/find.ts";
import { until } from "../test/support/await-until.ts";
import { watchOthers } from "./busyness.ts";
import { percentile } from "./figures.ts";
import { residentMemory } from "./procfs.ts";
import type { PageResult } from "./results.ts";
import { say } from "./say.ts";
import { openStreams } from "./streams.ts";

/*
 * What the page costs, and how soon it shows what happens: npm run bench:page. The built program beside the embedded catalog,
 * Debian's Chromium without a window; a line of JSON for each figure on standard output, a table on standard error.
 */

const SERVICES = 5_000;
const VIEWS = 11;
const CHANGES = 40;
const STREAMS = 200;
/** Between two changes: longer than the distance that portolan keeps between two files of this size. */
const REST_MS = 700;
const PAGE = join(import.meta.dirname, "../dist/page");
/** So high that every service that is changed is on the screen. Each is another: one that moves again and again is damped. */
const HEIGHT = 4_000;
const nameOf = (at: number) => `service-${String(at).padStart(4, "0")}`;

const others = watchOthers();
const results: Omit<PageResult, "busyPercent">[] = [];
const [processor] = cpus();
const machine = `${cpus().length} × ${processor?.model.trim() ?? "unknown processor"}, Node ${process.version}`;

function report(page: string, unit: PageResult["unit"], values: readonly number[], aim?: PageResult["aim"]): void {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => Math.round(percentile(sorted, share) * 100) / 100;
  const sum = { p50: at(0.5), p95: at(0.95), max: at(1), n: sorted.length };
  results.push({ page, unit, ...sum, ...(aim === undefined ? {} : { aim }), machine });
  const judged =
    aim === undefined
      ? ""
      : `  aim ${aim}: ${sum.p50 <= aim ? "ok" : `short by ${Math.round((sum.p50 - aim) * 100) / 100}`}`;
  say(`${page.padEnd(64)} p50 ${sum.p50} ${unit}, p95 ${sum.p95}, max ${sum.max}, n ${sum.n}${judged}`);
}

/** Bytes of all that a browser loads of the page, packed by Brotli. */
async function packedBytes(): Promise<number> {
  const names = (await readdir(PAGE, { recursive: true })).filter((name) => name.endsWith(".br"));
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(PAGE, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Milliseconds from the start of the navigation, with nothing kept of an earlier one, to the first row on the screen. */
async function firstViewMs(newPage: () => Promise<Page>, url: string): Promise<number> {
  const page = await newPage();
  try {
    await page.addInitScript(
      `new MutationObserver((_, looking) => {
         if (document.querySelectorAll('[role="rowheader"]').length === 0) return;
         looking.disconnect();
         requestAnimationFrame(() => { window.shownMs = performance.now(); });
       }).observe(document, { childList: true, subtree: true })`,
    );
    await page.goto(`${url}/#/chart`);
    return await until(() => page.evaluate<number>("window.shownMs"), { timeoutMs: 30_000, what: "the first row" });
  } finally {
    await page.context().close();
  }
}

/** Calls with the time at which another file lies under the name; times are milliseconds since the epoch, with fractions. */
async function renamedAtMs(file: string, before: bigint): Promise<number> {
  for (;;) {
    const inode = await inodeOf(file);
    if (inode !== before) return performance.timeOrigin + performance.now();
    await sleep(1);
  }
}

async function inodeOf(file: string): Promise<bigint> {
  return (await stat(file, { bigint: true })).ino;
}

/** Moves the service to another port; milliseconds from there to the rename, and from the rename to the screen. */
async function change(cluster: Cluster, at: number, port: number, page?: Page) {
  const before = await inodeOf(cluster.site.chart);
  const renamed = renamedAtMs(cluster.site.chart, before);
  const beganMs = performance.timeOrigin + performance.now();
  cluster.register({ service: nameOf(at), port, node: `node-${at % 50}`, id: `${nameOf(at)}-${20_000 + at}` });
  const atMs = await renamed;
  if (page === undefined) return { renamedMs: atMs - beganMs };
  const text = `http://127.0.0.1:${port}`;
  const shownMs = await until(() => page.evaluate<number>(`window.seen.get(${JSON.stringify(text)})`), {
    timeoutMs: 30_000,
    what: `${text} on the screen`,
  });
  return { renamedMs: atMs - beganMs, shownMs: shownMs - atMs };
}

/** Notes when each server was drawn for the first time, milliseconds since the epoch. */
const WATCH_ROWS = `
  window.seen = new Map();
  new MutationObserver(() => {
    const text = document.querySelector("main")?.textContent ?? "";
    for (const [found] of text.matchAll(/http:\\/\\/127\\.0\\.0\\.1:\\d{5}/g)) {
      if (window.seen.has(found)) continue;
      window.seen.set(found, 0);
      requestAnimationFrame(() => window.seen.set(found, performance.timeOrigin + performance.now()));
    }
  }).observe(document.querySelector("main"), { childList: true, subtree: true, characterData: true })`;

/** Changes one after the other, each when all has been at rest for a while. */
async function changes(cluster: Cluster, from: number, count: number, page?: Page) {
  const all = [];
  for (let at = 0; at < count; at += 1) {
    all.push(await change(cluster, (from + at) % CHANGES, from + at, page));
    await sleep(REST_MS);
  }
  return all;
}

report("bytes of the page, packed", "B", [await packedBytes()], 150_000);
const browser = await startChromium();
const cluster = await startCluster(
  Array.from({ length: SERVICES }, (_, at) => ({
    service: nameOf(at),
    port: 20_000 + at,
    node: `node-${at % 50}`,
  })),
).catch(async (error: unknown) => {
  await browser.close();
  throw error;
});
try {
  const view = { viewport: { width: 1_280, height: 800 } };
  const views: number[] = [];
  for (let at = 0; at < VIEWS; at += 1) {
    views.push(await firstViewMs(async () => (await browser.newContext(view)).newPage(), cluster.url));
  }
  report(`first view at ${SERVICES} services`, "ms", views, 1_000);

  const page = await browser.newPage({ viewport: { width: 1_280, height: HEIGHT } });
  await page.goto(`${cluster.url}/#/chart`);
  await routeRow(page, nameOf(CHANGES - 1)).waitFor();
  await connection(page, "live").waitFor();
  await page.evaluate(WATCH_ROWS);
  const shown = await changes(cluster, 26_000, CHANGES, page);
  report(
    `change on the screen after the rename, at ${SERVICES} services`,
    "ms",
    shown.map(({ shownMs = 0 }) => shownMs),
    200,
  );
  await page.close();

  const alone: number[] = [];
  const beside: number[] = [];
  const memoryMb: number[] = [];
  for (let round = 0; round < 4; round += 1) {
    const from = 27_000 + round * (CHANGES / 2);
    alone.push(...(await changes(cluster, from, CHANGES / 4)).map(({ renamedMs }) => renamedMs));
    const before = residentMemory(cluster.pid()).nowMb;
    const streams = await openStreams(cluster.url, STREAMS);
    beside.push(...(await changes(cluster, from + CHANGES / 4, CHANGES / 4)).map(({ renamedMs }) => renamedMs));
    memoryMb.push(residentMemory(cluster.pid()).nowMb - before);
    if (streams.open() !== STREAMS) throw new Error(`${streams.open()} of ${STREAMS} streams are open still`);
    streams.close();
    await sleep(REST_MS);
  }
  report("registered to renamed, without an open page", "ms", alone);
  report(`registered to renamed, beside ${STREAMS} open pages`, "ms", beside);
  const ratio = results.at(-1)!.p50 / results.at(-2)!.p50;
  report(`the same as a ratio`, "×", [ratio], 1.1);
  report(`memory that ${STREAMS} open pages cost`, "MB", memoryMb, 30);
} finally {
  await browser.close();
  await cluster.stop();
}
const busyPercent = others();
for (const result of results)
  process.stdout.write(`${JSON.stringify({ ...result, busyPercent } satisfies PageResult)}\n`);
