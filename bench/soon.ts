import { setTimeout as sleep } from "node:timers/promises";
import type { Figures } from "./figures.ts";
import { pairOf } from "./lifecycle.ts";
import { measure } from "./measure.ts";
import type { Peer } from "./peers/peer.ts";
import { children } from "./procfs.ts";
import { untilQuiet } from "./quiet.ts";
import { say } from "./say.ts";
import type { Stage } from "./stage.ts";

/** From the first change of a pair to the second one, in turn: spread over the second in which it is no burst yet. */
const AFTER_MS = [200, 400, 600, 800] as const;

/** A service is registered within a second of another one: how soon it is routed, for one peer after the other. */
export async function measureSoon(
  peers: readonly Peer[],
  { options: { changes, nodes }, ports, signal }: Stage,
  figures: Figures,
): Promise<void> {
  const pids = children();
  const [port = 0] = ports;
  const rest = () => untilQuiet(pids, signal);
  await rest();
  for (let round = 0; round < changes; round += 1) {
    say(`round ${round + 1} of ${changes}`);
    const { first, second, ends } = pairOf(`pair-${round}`, `node-${round % nodes}`, port);
    for (const peer of peers) {
      const begin = await peer.prepare(first);
      const lead = async () => {
        await begin();
        await sleep(AFTER_MS[round % AFTER_MS.length], undefined, { signal });
      };
      await measure(peer, second, figures, rest, signal, lead);
      for (const end of ends) {
        await (await peer.prepare(end))();
        await rest();
      }
    }
  }
}
