import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { JobSpec, NomadCluster } from "../nomad/cluster.ts";
import { CLUSTERS } from "../nomad/clusters.ts";
import { askCluster, type Questions } from "../nomad/questions.ts";
import { until } from "../support/await-until.ts";
import { type PortolanProcess, startPortolan } from "../support/portolan-process.ts";
import { findTool } from "../support/real-binaries.ts";
import { fileProvider, type RealTraefik, startRealTraefik } from "../support/real-traefik.ts";
import { type InnocentProbe, startProbe } from "../trials/stage/innocent-probe.ts";
import { ask, createSite, errorsAboutUs, type Site } from "./site.ts";

const traefikTool = await findTool("traefik");

function tagsOf(name: string, host = `${name}.test`): readonly string[] {
  return ["traefik.enable=true", `traefik.http.routers.${name}.rule=Host(\`${host}\`)`];
}

const INNOCENT: JobSpec = { id: "innocent", answer: "innocent", tags: tagsOf("innocent"), isSystem: true };

const WEB: JobSpec = {
  ...{ id: "web", answer: "1", count: 2, tags: tagsOf("web"), startMs: 1_500, shutdownDelayMs: 2_000 },
  canaryTags: [...tagsOf("web-next", "next.web.test"), "traefik.nomad.canary=true"],
};

/** What is shown of the others does not depend on how long a task needs to listen. */
const QUICK: JobSpec = { ...WEB, startMs: 200 };

/**
 * One life of a job behind a real Traefik, in order: each test goes on where the one before has ended. Beside it another job
 * is asked all the time, and is answered by nothing but 200.
 */
describe.skipIf(traefikTool === undefined).each(CLUSTERS)("$name", ({ start }) => {
  describe.skipIf(start === undefined)("portolan run --nomad-addr through a life of a job", () => {
    let cluster: NomadCluster;
    let questions: Questions;
    let site: Site;
    let portolan: PortolanProcess;
    let traefik: RealTraefik;
    let innocent: InnocentProbe;
    let asked = 0;
    const undo: (() => Promise<unknown>)[] = [];

    beforeAll(async () => {
      site = await createSite();
      undo.push(() => site.remove());
      cluster = await start!();
      undo.push(() => cluster.close());
      questions = askCluster(cluster);
      await cluster.run(INNOCENT);
      traefik = await startRealTraefik(traefikTool!, {
        args: fileProvider(site.watched),
        directories: [site.watched],
        // As in deploy/traefik.yml.
        throttleMs: 500,
        logLevel: "ERROR",
      });
      undo.push(() => traefik.stop());
      const args = ["--nomad-addr", cluster.address, "--output", site.chart, "--state-dir", site.stateDir];
      portolan = await startPortolan(args, cluster.token === "" ? {} : { NOMAD_TOKEN: cluster.token });
      undo.push(() => portolan.stop());
      await answers("innocent.test", "innocent");
      innocent = startProbe(traefik.url, "innocent.test", ["innocent"]);
      undo.push(() => innocent.stop());
    });
    afterAll(async () => {
      for (const step of undo.reverse()) await step();
    });
    afterEach(async () => {
      const report = await innocent.stop();
      asked += report.asked;
      innocent = startProbe(traefik.url, "innocent.test", ["innocent"]);
      expect(report.bad, "the innocent service").toBe("");
    });
    const eventually = <T>(what: string, condition: () => T | Promise<T>) =>
      until(condition, { what, timeoutMs: 30_000, everyMs: 50 });
    const answers = (host: string, text: string) =>
      eventually(`${JSON.stringify(text)} for ${host}`, async () => {
        const answer = await ask(traefik.url, host);
        return answer.status === 200 && answer.text === text;
      });

    /** No registration is left and no task answers any more. */
    async function gone(): Promise<void> {
      await eventually("no registration", async () => (await questions.addresses("web")).length === 0);
      await eventually("no answer of the service", async () => (await ask(traefik.url, "web.test")).status !== 200);
    }

    /** Asks for the service all through a step: nothing but 200, and of these versions only. */
    async function whileOnly(versions: readonly string[], step: () => Promise<void>): Promise<void> {
      const probe = startProbe(traefik.url, "web.test", versions);
      await step();
      expect((await probe.stop()).bad).toBe("");
    }

    async function deployed(job: JobSpec): Promise<void> {
      await cluster.run(job);
      expect(await questions.settled("web")).toBe("successful");
      await answers("web.test", job.answer);
    }

    const isCharted = async (address: string) => (await site.chartText()).includes(`http://${address}`);

    test("deploy: a job is routed when its tasks are healthy, and none is asked before", async () => {
      await cluster.run(WEB);
      const seen = new Set<number>();
      await eventually("an answer", async () => {
        const { status } = await ask(traefik.url, "web.test");
        seen.add(status);
        return status === 200;
      });
      expect([...seen].filter((status) => ![404, 503, 200].includes(status))).toEqual([]);
      expect(await questions.settled("web")).toBe("successful");
    });

    test("a rolling update costs no request", async () => {
      await whileOnly(["1", "2"], () => deployed({ ...WEB, answer: "2" }));
    });

    test("canary: it gets none of the service's requests", async () => {
      await whileOnly(["2"], async () => {
        await cluster.run({ ...QUICK, answer: "3", canaries: 1 });
        await questions.canariesHealthy("web");
        await answers("next.web.test", "3");
      });
    });

    test("promote: the next version follows, and costs no request", async () => {
      await whileOnly(["2", "3"], async () => {
        await cluster.promote("web");
        expect(await questions.settled("web")).toBe("successful");
        await answers("web.test", "3");
      });
    });

    test("a failed canary leaves the version before in place, and is asked by no request", async () => {
      const canary = startProbe(traefik.url, "next.web.test", ["4"]);
      await whileOnly(["3"], async () => {
        await cluster.run({ ...QUICK, answer: "4", canaries: 1, health: 500 });
        expect(await questions.settled("web")).toBe("failed");
      });
      const { good, bad } = await canary.stop();
      // The router of the canary before this one may still answer 503.
      expect({ good, bad: bad.split(", ").filter((one) => !/^(404|503) /.test(one)) }).toEqual({ good: 0, bad: [] });
    });

    test("the version after it is deployed as if nothing had been", async () => {
      await whileOnly(["3", "5"], () => deployed({ ...QUICK, answer: "5" }));
    });

    test("a job that is never healthy is not routed", async () => {
      await cluster.run({ ...QUICK, id: "sick", answer: "sick", tags: tagsOf("sick"), health: 500, count: 1 });
      expect(await questions.settled("sick")).toBe("failed");
      const [address = ""] = await questions.addresses("sick");
      expect((await fetch(`http://${address}/`)).status).toBe(200);
      expect(await isCharted(address)).toBe(false);
      expect((await ask(traefik.url, "sick.test")).status).not.toBe(200);
      await cluster.stop("sick");
    });

    test("unhealthy: a task that fails its check is left out until it succeeds again", async () => {
      const [address = ""] = await questions.addresses("web");
      await whileOnly(["5"], async () => {
        await questions.setHealth(address, 503);
        await eventually("a chart without it", async () => !(await isCharted(address)));
        await questions.setHealth(address, 200);
        await eventually("a chart with it", () => isCharted(address));
      });
    });

    test("drain: what was on the client goes, and is placed again after it", async () => {
      await cluster.drain();
      await gone();
      await cluster.undrain();
      await answers("web.test", "5");
    });

    test("zero, and up again", async () => {
      await cluster.scale("web", 0);
      await gone();
      await cluster.scale("web", 1);
      await answers("web.test", "5");
    });

    test("restart of the agent: what was routed stays, and news come after it", async (context) => {
      if (cluster.restartAgent === undefined) return context.skip("an agent is not restarted by its API");
      const probe = startProbe(traefik.url, "web.test", ["5"]);
      await cluster.restartAgent(1_500);
      await cluster.run({ ...QUICK, id: "late", answer: "late", tags: tagsOf("late") });
      await answers("late.test", "late");
      expect((await probe.stop()).bad).toBe("");
    });

    test("stop: the service is gone", async () => {
      await cluster.stop("web");
      await gone();
    });

    test("the innocent service was asked all the time", () => {
      expect(asked).toBeGreaterThan(200);
    });

    test("Traefik has had nothing to complain of", () => {
      expect(errorsAboutUs(traefik.logLines())).toEqual([]);
    });
  });
});
