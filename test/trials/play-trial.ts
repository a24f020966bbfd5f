import { setTimeout as sleep } from "node:timers/promises";
import { errorsAboutUs } from "../integration/site.ts";
import { until } from "../support/await-until.ts";
import type { Options, Peer } from "./options.ts";
import { type ChartReader, watchVersions } from "./stage/chart-reader.ts";
import { type InnocentProbe, type ProbeReport, startProbe } from "./stage/innocent-probe.ts";
import { type OpenStage, openStage, type Stage, type Tools } from "./stage/stage.ts";
import { hostOf, INNOCENT, register } from "./stage/world.ts";
import { judgeStory, type Story } from "./story.ts";
import type { Trial } from "./trial.ts";

export interface Outcome {
  readonly trial: string;
  readonly peer: Peer;
  /** Undefined where the trial could not be played at all. */
  readonly probe: ProbeReport | undefined;
  /** From the end of the fault, or from a later registration, to the answer; undefined: never. */
  readonly newsMs: number | undefined;
  readonly headline: string;
  /** What portolan said since the beginning, line by line. */
  readonly log: readonly string[];
  /** Which promises were not kept; empty: passed. */
  readonly problems: readonly string[];
}

export type PlayOptions = Pick<Options, "seconds" | "budget">;

/** The promises to every service, whatever the fault. */
const NEWS_WITHIN_MS = 2_000;
/** For how much longer a late registration is waited for, to see whether it is answered at all. */
const NEWS_PATIENCE_MS = 10_000;
const LINE_WITHIN_MS = 1_000;
const PROBED_MS = 10_000;
const QUESTIONS_AT_LEAST = 500;
const LEAD_MS = 2_000;

/** Plays one trial in a world of its own. Never throws: what goes wrong is a problem of the trial. */
export async function playTrial(trial: Trial, peer: Peer, tools: Tools, options: PlayOptions): Promise<Outcome> {
  const { seconds, budget } = options;
  let stage: OpenStage | undefined;
  try {
    // Another process of this machine may take a port between our check and a server's start.
    const open = () => openStage(peer, tools, { budget, ...trial.stage });
    stage = await open().catch(open);
    return await playOn(stage, trial, trial.seconds ?? seconds);
  } catch (error) {
    const problems = [`could not be played: ${error instanceof Error ? error.message : String(error)}`];
    return { trial: trial.name, peer, probe: undefined, newsMs: undefined, headline: "", log: [], problems };
  } finally {
    await stage?.close();
  }
}

async function playOn(stage: OpenStage, trial: Trial, seconds: number): Promise<Outcome> {
  const startedAtMs = performance.now();
  const probe = startProbe(
    stage.traefik.url,
    hostOf(INNOCENT),
    [stage.ports.innocent, ...(trial.alsoRight?.(stage) ?? [])].map(String),
  );
  stage.absence.begins = () => probe.pause();
  stage.absence.ends = () => probe.resume();
  const reader = watchVersions(stage.chart);
  const problems: string[] = [];
  try {
    await sleep(LEAD_MS);
    const before = stage.logs().map((log) => log.length);
    const { newsWithinMs = NEWS_WITHIN_MS } = trial;
    const patienceMs = newsWithinMs + NEWS_PATIENCE_MS;
    const { newsMs, endedAtMs } = await playEvent(stage, trial, seconds * 1_000, patienceMs);
    if (newsMs === undefined) problems.push(`news did not get through within ${Math.round(patienceMs / 1000)} s`);
    else if (newsMs > newsWithinMs) problems.push(`news took ${Math.round(newsMs)} ms`);
    await trial.verify?.(stage).catch((error: unknown) => {
      problems.push(error instanceof Error ? error.message : String(error));
    });
    await sleep(Math.max(0, startedAtMs + PROBED_MS - performance.now()));
    const lost = await stage.lost();
    if (lost.length > 0) problems.push(`lost: ${lost.join(", ")}`);
    const report = await probe.stop();
    problems.push(
      ...probeProblems(report, trial.interrupts === true ? endedAtMs - startedAtMs : LEAD_MS),
      ...partialFiles(reader),
    );
    const { log, ...story } = await toldBy(stage, before, trial);
    problems.push(...story.problems);
    return { trial: trial.name, peer: stage.peer, probe: report, newsMs, headline: story.headline, log, problems };
  } finally {
    await stopAll(probe, reader);
  }
}

/** The fault with news in the middle of it, where the catalog takes any, and after its end. Answers the slower news. */
async function playEvent(
  stage: Stage,
  trial: Trial,
  lastsMs: number,
  patienceMs: number,
): Promise<{ readonly newsMs: number | undefined; readonly endedAtMs: number }> {
  await trial.begin(stage);
  const beganAtMs = performance.now();
  const takesNews = trial.takesNews !== false;
  await sleep(lastsMs / 2);
  if (takesNews) await registerNews(stage, "news-during");
  const duringAtMs = performance.now();
  let endedAtMs = duringAtMs;
  if (trial.end !== undefined) {
    await sleep(Math.max(0, beganAtMs + lastsMs - performance.now()));
    await trial.end(stage);
    endedAtMs = performance.now();
  }
  const awaited: Promise<number | undefined>[] = [];
  if (takesNews) awaited.push(newsTime(stage, "news-during", endedAtMs, patienceMs));
  await registerNews(stage, "news-after");
  awaited.push(newsTime(stage, "news-after", performance.now(), patienceMs));
  const times = await Promise.all(awaited);
  const slowestMs = times.includes(undefined) ? undefined : Math.max(...times.map((time) => time ?? 0));
  return { newsMs: slowestMs, endedAtMs };
}

async function registerNews(stage: Stage, service: string): Promise<void> {
  await register(stage.catalog, { service, port: stage.ports.news });
}

/** From the given moment until Traefik answers for the service. */
async function newsTime(
  stage: Stage,
  service: string,
  sinceMs: number,
  patienceMs: number,
): Promise<number | undefined> {
  while (performance.now() < sinceMs + patienceMs) {
    const { status, text } = await stage.answers(hostOf(service));
    if (status === 200 && text === String(stage.ports.news)) return performance.now() - sinceMs;
    await sleep(10);
  }
  return undefined;
}

/** Bad answers between the beginning of the fault and `excusedUntilMs` are excused. */
function probeProblems(report: ProbeReport, excusedUntilMs: number): string[] {
  const { asked, good, forMs, bad, badFromMs, badUntilMs } = report;
  const problems: string[] = [];
  if (asked < QUESTIONS_AT_LEAST || asked / (forMs / 1000) < 50) problems.push(`asked only ${asked} times`);
  if (good === asked || badFromMs === undefined || badUntilMs === undefined) return problems;
  if (badFromMs >= LEAD_MS && badUntilMs < excusedUntilMs) return problems;
  const [from, until] = [badFromMs, badUntilMs].map((atMs) => ((atMs - LEAD_MS) / 1000).toFixed(1));
  problems.push(`${asked - good} of ${asked} answers bad (${bad}), ${from} s to ${until} s after the beginning`);
  return problems;
}

function partialFiles(reader: ChartReader): string[] {
  const { partial } = reader.stop();
  return partial.length === 0 ? [] : [`${partial.length} partial files, the first of ${partial[0]?.length} characters`];
}

/** What the peer said; only portolan promises anything about it. */
async function toldBy(
  stage: Stage,
  before: readonly number[],
  trial: Trial,
): Promise<Story & { readonly log: readonly string[] }> {
  if (stage.peer === "traefik") return { ...traefikStory(stage.traefik.logLines()), log: [] };
  const read = () => stage.logs().map((said, at) => said.slice(before[at] ?? 0).split("\n"));
  // A visitor may have his answer before the line about it is written.
  const isTold = () =>
    trial.tells.every((event) =>
      read()
        .flat()
        .some((line) => line.includes(`"event":"${event}"`)),
    );
  await until(isTold, { timeoutMs: LINE_WITHIN_MS, what: "the log to tell" }).catch(() => {});
  const logs = read();
  return { ...judgeStory(logs, trial.tells, trial.mostLogLines), log: logs.flat() };
}

function traefikStory(lines: readonly string[]): Story {
  const [first] = errorsAboutUs(lines);
  const entry: Record<string, unknown> = first === undefined ? {} : JSON.parse(first);
  return { headline: text(entry["error"] ?? entry["message"] ?? "nothing"), problems: [] };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

async function stopAll(probe: InnocentProbe, reader: ChartReader): Promise<void> {
  reader.stop();
  await probe.stop();
}
