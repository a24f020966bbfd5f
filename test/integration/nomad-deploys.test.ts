import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { JobSpec, NomadCluster } from "../nomad/cluster.ts";
import { CLUSTERS } from "../nomad/clusters.ts";
import { askCluster, type Questions } from "../nomad/questions.ts";
import { until } from "../support/await-until.ts";
import { startPortolan } from "../support/portolan-process.ts";
import { findTool } from "../support/real-binaries.ts";
import { fileProvider, type RealTraefik, startRealTraefik } from "../support/real-traefik.ts";
import { startProbe } from "../trials/stage/innocent-probe.ts";
import { ask, createSite } from "./site.ts";

const traefikTool = await findTool("traefik");
/** As in deploy/traefik.yml. */
const SHIPPED_THROTTLE_MS = 500;

/** A job with one allocation, which needs a moment to listen and answers on for a moment when it is stopped. */
function job(id: string, more: Partial<JobSpec> = {}): JobSpec {
  const tags = ["traefik.enable=true", `traefik.http.routers.${id}.rule=Host(\`${id}.test\`)`];
  return { id, answer: id, tags, startMs: 1_500, shutdownDelayMs: 2_000, ...more };
}

/** The recipes of nomad-jobs/README.md, each by a job of its own, beside each other: 60 requests a second all the time. */
describe.skipIf(traefikTool === undefined).each(CLUSTERS)("$name", ({ start }) => {
  describe.skipIf(start === undefined)("a deploy that leaves one instance at a time", () => {
    let cluster: NomadCluster;
    let questions: Questions;
    let traefik: RealTraefik;
    const undo: (() => Promise<unknown>)[] = [];

    beforeAll(async () => {
      const site = await createSite();
      undo.push(() => site.remove());
      cluster = await start!();
      undo.push(() => cluster.close());
      questions = askCluster(cluster);
      traefik = await startRealTraefik(traefikTool!, {
        args: fileProvider(site.watched),
        directories: [site.watched],
        throttleMs: SHIPPED_THROTTLE_MS,
        logLevel: "ERROR",
      });
      undo.push(() => traefik.stop());
      const args = ["--nomad-addr", cluster.address, "--output", site.chart, "--state-dir", site.stateDir];
      const portolan = await startPortolan(args, cluster.token === "" ? {} : { NOMAD_TOKEN: cluster.token });
      undo.push(() => portolan.stop());
    });
    afterAll(async () => {
      for (const step of undo.reverse()) await step();
    });

    const answers = (host: string, text: string) =>
      until(
        async () => {
          const answer = await ask(traefik.url, host);
          return answer.status === 200 && answer.text === text;
        },
        { what: `${JSON.stringify(text)} for ${host}`, timeoutMs: 30_000, everyMs: 50 },
      );

    /** What other answers than those of these versions come during a step, each once, by their status. */
    async function othersThan(host: string, versions: readonly string[], step: () => Promise<void>) {
      const probe = startProbe(traefik.url, host, versions);
      await step();
      const { bad, good } = await probe.stop();
      expect(good).toBeGreaterThan(0);
      return [...new Set(bad.split(", ").map((one) => one.split(" ")[0]))].filter((status) => status !== "");
    }

    test.concurrent("with canary = 1 is answered by nothing but 200", async () => {
      const one = job("careful");
      await cluster.run(one);
      await answers("careful.test", "careful");
      const others = await othersThan("careful.test", ["careful", "next"], async () => {
        await cluster.run({ ...one, answer: "next", canaries: 1 });
        await questions.canariesHealthy(one.id);
        await cluster.promote(one.id);
        expect(await questions.settled(one.id)).toBe("successful");
        await answers("careful.test", "next");
      });
      expect(others).toEqual([]);
    });

    test.concurrent("without it is answered by 503 until the next is fit, since Nomad stops the only one first", async () => {
      const one = job("hasty");
      await cluster.run(one);
      await answers("hasty.test", "hasty");
      const others = await othersThan("hasty.test", ["hasty", "next"], async () => {
        await cluster.run({ ...one, answer: "next" });
        await answers("hasty.test", "next");
      });
      expect(others).toEqual(["503"]);
    });

    test.concurrent("as two jobs, blue and green, that register the same service costs no request", async () => {
      const tags = ["traefik.enable=true", "traefik.http.routers.shop.rule=Host(`shop.test`)"];
      const [blue, green] = ["blue", "green"].map((id) => job(id, { service: "shop", tags })) as [JobSpec, JobSpec];
      await cluster.run(blue);
      await answers("shop.test", "blue");
      const others = await othersThan("shop.test", ["blue", "green"], async () => {
        await cluster.run(green);
        await answers("shop.test", "green");
        await cluster.stop("blue");
        await until(async () => (await questions.addresses("shop")).length === 1, {
          what: "blue to be deregistered",
          timeoutMs: 10_000,
        });
        await answers("shop.test", "green");
      });
      expect(others).toEqual([]);
    });

    test.concurrent("as two jobs with services of their own for one host: the other has it when the one is stopped", async () => {
      const tags = (id: string) => ["traefik.enable=true", `traefik.http.routers.${id}.rule=Host(\`store.test\`)`];
      await cluster.run(job("store-blue", { tags: tags("store-blue") }));
      await answers("store.test", "store-blue");
      const others = await othersThan("store.test", ["store-blue", "store-green"], async () => {
        await cluster.run(job("store-green", { tags: tags("store-green") }));
        expect(await questions.settled("store-green")).toBe("successful");
        await cluster.stop("store-blue");
        await answers("store.test", "store-green");
      });
      // While it changes hands there may be a moment without servers, and none without a router or with a dead server.
      expect(others.filter((status) => status !== "503")).toEqual([]);
    });
  });
});
