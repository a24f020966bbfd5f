import { systemClock } from "../../src/base/clock.ts";
import { createNomadCatalog } from "../../src/simulator/nomad/catalog.ts";
import { startNomadServer } from "../../src/simulator/nomad/server.ts";
import type { NomadCluster } from "./cluster.ts";
import { createJobPlayer, type JobPlayer } from "./job-player.ts";

/** The one client of the embedded Nomad. */
const CLIENT = "embedded";

const DRAIN = { Deadline: 60_000_000_000, IgnoreSystemJobs: true, StartedAt: "2026-11-29T20:28:08Z" };

/** The embedded Nomad with a player for each job, which does what servers and clients of a real one would. */
export async function startEmbeddedCluster(): Promise<NomadCluster> {
  const catalog = createNomadCatalog();
  const server = await startNomadServer({ catalog });
  const players = new Map<string, JobPlayer>();

  function playerOf(job: string): JobPlayer {
    const player = players.get(job) ?? createJobPlayer(catalog, job);
    players.set(job, player);
    return player;
  }

  return {
    address: server.url,
    token: "",
    run: (job) => playerOf(job.id).run(job),
    promote: async (job) => playerOf(job).promote(),
    scale: (job, count) => playerOf(job).scale(count),
    stop: async (job) => playerOf(job).stop(),
    async drain() {
      catalog.registerNode({ Name: CLIENT, DrainStrategy: DRAIN });
      const leaving = [...players.values()].map((player) => player.migrate());
      void Promise.all(leaving).then(() => catalog.registerNode({ Name: CLIENT, SchedulingEligibility: "ineligible" }));
    },
    async undrain() {
      catalog.registerNode({ Name: CLIENT });
      await Promise.all(Array.from(players.values(), (player) => player.placeMissing()));
    },
    async restartAgent(awayMs) {
      await server.close();
      await systemClock.sleep(awayMs);
      await server.reopen();
    },
    async close() {
      await Promise.all(Array.from(players.values(), (player) => player.end()));
      await server.close();
    },
  };
}
