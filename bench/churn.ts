import { setTimeout as sleep } from "node:timers/promises";
import type { Figures } from "./figures.ts";
import { lifeOf } from "./lifecycle.ts";
import type { Peer } from "./peers/peer.ts";
import { children, residentMemory } from "./procfs.ts";
import { untilQuiet } from "./quiet.ts";
import { say } from "./say.ts";
import type { Stage } from "./stage.ts";

/** Between two changes: some forty a second, so that a thousand take less than half a minute. */
const PAUSE_MS = 20;
/** Long enough for what a process does once it has nothing to do. */
const REST_MS = 15_000;

/**
 * What a process holds that has seen many changes: services live their lives one after the other, without a look at Traefik
 * or a pause until all is quiet, as many changes as the flags say. Then memory is taken at rest.
 */
export async function measureChurn(peers: readonly Peer[], stage: Stage, figures: Figures): Promise<void> {
  const { options, ports, signal } = stage;
  const [first = 0, second = 0] = ports;
  for (const peer of peers) {
    const { daemon, name } = peer;
    if (daemon === undefined || !name.startsWith("portolan")) continue;
    say(`${options.churn} changes for ${name}`);
    for (let made = 0, life = 0; made < options.churn; life += 1) {
      for (const change of lifeOf(`churned-${life}`, `node-${life % options.nodes}`, [first, second])) {
        // A job of Nomad's without a check.
        if (change.kind === "health" && options.catalog === "nomad") continue;
        await (await peer.prepare(change))();
        made += 1;
        await sleep(PAUSE_MS, undefined, { signal });
      }
    }
    await untilQuiet(children(), signal);
    await sleep(REST_MS, undefined, { signal });
    figures.record(name, "all", "rssRest", residentMemory(daemon.pid).nowMb);
  }
}
