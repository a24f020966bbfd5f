import type { Figures } from "./figures.ts";
import type { Change } from "./lifecycle.ts";
import type { Peer } from "./peers/peer.ts";
import { probe, watchRenames } from "./probe.ts";
import { cpuMs } from "./procfs.ts";
import { hostOf } from "./world.ts";

/** A change that has not reached Traefik by then counts as missed. */
const PATIENCE_MS = 30_000;

/**
 * Makes one change for one peer and records what it took. The clock starts before the change is sent and stops at the
 * first answer through Traefik that shows it; traffic and processor time are counted until everything is quiet again.
 * What is to come just before it, such as another change, is in the counts and not in the times.
 */
export async function measure(
  peer: Peer,
  change: Change,
  figures: Figures,
  untilQuiet: () => Promise<void>,
  signal: AbortSignal,
  lead: () => Promise<void> = async () => {},
): Promise<void> {
  const { kind, instance, isSeen } = change;
  const { daemon } = peer;
  const act = await peer.prepare(change);
  const before = await peer.traffic?.();
  const cpuBeforeMs = daemon === undefined ? 0 : cpuMs(daemon.pid);
  await lead();
  const renames = daemon === undefined ? undefined : watchRenames(daemon.chartPath);

  let routedAtMs: number | undefined;
  const startMs = performance.now();
  try {
    const probing = probe(peer.url, hostOf(instance.service), isSeen, PATIENCE_MS, signal);
    [routedAtMs] = await Promise.all([probing, act()]);
    await untilQuiet();
  } finally {
    renames?.stop();
  }

  const record = (metric: Parameters<Figures["record"]>[2], value: number) =>
    figures.record(peer.name, kind, metric, value);
  if (daemon !== undefined) record("cpu", cpuMs(daemon.pid) - cpuBeforeMs);
  const after = await peer.traffic?.();
  if (before !== undefined && after !== undefined) {
    record("requests", after.requests - before.requests);
    record("received", after.receivedBytes - before.receivedBytes);
  }
  // That a service has gone is seen before it goes: it was ill.
  if (kind === "gone") return;
  const renamedAtMs = renames?.renamedAtMs[0];
  if (renamedAtMs !== undefined) record("renamed", renamedAtMs - startMs);
  if (routedAtMs === undefined) record("missed", 1);
  else record("routed", routedAtMs - startMs);
}
