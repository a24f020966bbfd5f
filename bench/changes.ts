import { until } from "../test/support/await-until.ts";
import { measureChurn } from "./churn.ts";
import type { Figures } from "./figures.ts";
import { lifeOf } from "./lifecycle.ts";
import { measure } from "./measure.ts";
import type { PeerName } from "./options.ts";
import { startConsulTemplate } from "./peers/consul-template.ts";
import { startFloor } from "./peers/floor.ts";
import type { Peer } from "./peers/peer.ts";
import { startPortolan, startPortolanBefore, startPortolanByConsul } from "./peers/portolan.ts";
import { startTraefikCatalog } from "./peers/traefik-catalog.ts";
import { get } from "./probe.ts";
import { children, residentMemory } from "./procfs.ts";
import { untilQuiet } from "./quiet.ts";
import { say } from "./say.ts";
import { measureSoon } from "./soon.ts";
import type { Stage } from "./stage.ts";
import { createTeardown } from "./teardown.ts";
import { hostOf } from "./world.ts";

const START: Readonly<Record<PeerName, (stage: Stage) => Promise<Peer>>> = {
  floor: startFloor,
  "portolan-before": startPortolanBefore,
  portolan: (stage) => startPortolan(stage),
  "portolan-consul": startPortolanByConsul,
  traefik: startTraefikCatalog,
  "consul-template": startConsulTemplate,
};

/** From a change in the catalog to a request that notices it: all peers side by side. */
export async function measureChanges(stage: Stage, figures: Figures): Promise<void> {
  await withPeers(stage, async (peers) => {
    try {
      await measureInTurns(peers, stage, figures);
    } finally {
      await recordTotals(peers, figures);
    }
    if (stage.options.churn > 0) await measureChurn(peers, stage, figures);
  });
}

/** The same for a change that comes soon after another one. */
export async function measureSecondChanges(stage: Stage, figures: Figures): Promise<void> {
  await withPeers(stage, (peers) => measureSoon(peers, stage, figures));
}

async function withPeers(stage: Stage, measureThem: (peers: readonly Peer[]) => Promise<void>): Promise<void> {
  const teardown = createTeardown();
  try {
    const peers: Peer[] = [];
    for (const name of stage.options.peers) {
      stage.signal.throwIfAborted();
      say(`starting ${name}`);
      const peer = await START[name](stage);
      teardown.add(peer.stop);
      await untilEverythingIsRouted(peer, stage);
      peers.push(peer);
    }
    await measureThem(peers);
  } finally {
    await teardown.run();
  }
}

/** Change by change, one peer after the other, so that a slow minute of the machine is in every peer's figures. */
async function measureInTurns(
  peers: readonly Peer[],
  { options: { changes, nodes, catalog }, ports, signal }: Stage,
  figures: Figures,
): Promise<void> {
  const pids = children();
  const [first = 0, second = 0] = ports;
  await untilQuiet(pids, signal);
  for (let round = 0; round < changes; round += 1) {
    say(`round ${round + 1} of ${changes}`);
    for (const change of lifeOf(`newcomer-${round}`, `node-${round % nodes}`, [first, second])) {
      // A job of Nomad's without a check.
      if (change.kind === "health" && catalog === "nomad") continue;
      for (const peer of peers) await measure(peer, change, figures, () => untilQuiet(pids, signal), signal);
    }
  }
}

async function recordTotals(peers: readonly Peer[], figures: Figures): Promise<void> {
  for (const { name, daemon, traffic } of peers) {
    if (traffic !== undefined) figures.record(name, "all", "connections", (await traffic()).mostConnections);
    if (daemon === undefined) continue;
    const { nowMb, peakMb } = residentMemory(daemon.pid);
    figures.record(name, "all", "rss", nowMb);
    figures.record(name, "all", "rssPeak", peakMb);
  }
}

/** The last service of the world stands for all: a chart is loaded whole. */
async function untilEverythingIsRouted(peer: Peer, { world, signal }: Stage): Promise<void> {
  const { service } = world.at(-1)!;
  await until(async () => signal.aborted || (await get(peer.url, hostOf(service))).status === 200, {
    timeoutMs: 180_000,
    what: `${service} to be routed by ${peer.name}`,
    everyMs: 100,
  });
  signal.throwIfAborted();
}
