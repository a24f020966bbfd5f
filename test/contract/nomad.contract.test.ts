import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { JobSpec, NomadCluster } from "../nomad/cluster.ts";
import { CLUSTERS } from "../nomad/clusters.ts";
import { askCluster, type Questions } from "../nomad/questions.ts";
import { openStream } from "../simulator/nomad/stream.ts";
import { until } from "../support/await-until.ts";

const tagsOf = (name: string) => ["traefik.enable=true", `traefik.http.routers.${name}.rule=Host(\`${name}.test\`)`];
const CANARY_TAGS = ["traefik.enable=true", "traefik.nomad.canary=true"];

/** One life of a job, in order: each test goes on where the one before has ended. */
describe.each(CLUSTERS)("$name", ({ start }) => {
  describe.skipIf(start === undefined)("a life of a job", () => {
    const job: JobSpec = {
      ...{ id: "contract-web", answer: "1", count: 2, tags: tagsOf("contract-web"), canaryTags: CANARY_TAGS },
      ...{ canaries: 1, startMs: 300, shutdownDelayMs: 300 },
    };
    let cluster: NomadCluster;
    let ask: Questions;
    beforeAll(async () => {
      cluster = await start!();
      ask = askCluster(cluster);
    });
    afterAll(() => cluster.close());

    const eventually = <T>(what: string, condition: () => T | Promise<T>) =>
      until(condition, { what, timeoutMs: 30_000, everyMs: 50 });
    const rowsOf = async (path: string) => (await ask.get(path)).body as Readonly<Record<string, unknown>>[];
    async function tagsNow(): Promise<readonly string[]> {
      const rows = (await rowsOf("/v1/service/contract-web")) as unknown as { readonly Tags: readonly string[] }[];
      return rows
        .map(({ Tags }) => (Tags.includes("traefik.nomad.canary=true") ? "canary" : "stable"))
        .toSorted((a, b) => (a < b ? -1 : 1));
    }

    test("it is registered long before its task listens, and healthy when its check succeeds", async () => {
      await cluster.run({ ...job, startMs: 1_500 });
      const [address] = await eventually("the registration", async () => {
        const found = await ask.addresses("contract-web");
        return found.length === 2 ? found : undefined;
      });
      await expect(fetch(`http://${address}/`)).rejects.toThrow("fetch failed");
      expect(await ask.settled("contract-web")).toBe("successful");
      expect((await fetch(`http://${address}/`)).status).toBe(200);
      expect(await ask.running("contract-web")).toMatchObject([
        { DeploymentStatus: { Healthy: true } },
        { DeploymentStatus: { Healthy: true } },
      ]);
      expect((await ask.get("/v1/job/contract-web")).body).toMatchObject({ Stop: false, Status: "running" });
    });

    test("its checks are told by its client: success, then failure, with no index", async () => {
      const [address = ""] = await ask.addresses("contract-web");
      const registered = (await rowsOf("/v1/service/contract-web")) as unknown as { AllocID: string; Port: number }[];
      const ID = registered.find(({ Port }) => address.endsWith(`:${Port}`))?.AllocID;
      const results = async () => {
        const { status, index, body } = await ask.get(`/v1/client/allocation/${ID}/checks`);
        return { status, index, checks: Object.values(body as Record<string, object>) };
      };
      expect(await results()).toMatchObject({
        ...{ status: 200, index: null },
        checks: [{ Service: "contract-web", Check: "alive", Mode: "healthiness", Status: "success" }],
      });
      await ask.setHealth(address, 503);
      await eventually("a failure", async () => JSON.stringify((await results()).checks).includes('"failure"'));
      await ask.setHealth(address, 200);
      await eventually("success", async () => JSON.stringify((await results()).checks).includes('"success"'));
      const unknown = "00000000-0000-0000-0000-000000000000";
      expect(await ask.get(`/v1/client/allocation/${unknown}/checks`)).toMatchObject({ status: 404 });
    });

    test("a canary has tags of its own, waits for its promotion, and then has those of the others", async () => {
      await cluster.run({ ...job, answer: "2" });
      await ask.canariesHealthy("contract-web");
      expect(await tagsNow()).toEqual(["canary", "stable", "stable"]);
      expect((await ask.get("/v1/job/contract-web/deployment")).body).toMatchObject({
        Status: "running",
        TaskGroups: { app: { DesiredCanaries: 1, Promoted: false, PlacedCanaries: [expect.any(String)] } },
      });
      const canaries = (await ask.running("contract-web")).filter((one) => one.DeploymentStatus?.Canary === true);
      expect(canaries).toMatchObject([{ DeploymentStatus: { Canary: true, Healthy: true } }]);
      await cluster.promote("contract-web");
      expect(await ask.settled("contract-web")).toBe("successful");
      expect(await tagsNow()).toEqual(["stable", "stable"]);
      expect((await ask.get("/v1/job/contract-web/deployment")).body).toMatchObject({
        TaskGroups: { app: { Promoted: true } },
      });
    });

    test("a canary that never becomes healthy fails its deployment, and the others stay", async () => {
      await cluster.run({ ...job, answer: "3", health: 500 });
      expect(await ask.settled("contract-web")).toBe("failed");
      await eventually("the end of the canary", async () => (await tagsNow()).join() === "stable,stable");
    });

    test("scaled to zero it has no registration and is dead, not stopped; scaled up again it is deployed anew", async () => {
      const wants = async () => (await ask.get("/v1/job/contract-web/scale")).body;
      await cluster.run({ ...job, answer: "4", canaries: 0 });
      expect(await ask.settled("contract-web")).toBe("successful");
      await cluster.scale("contract-web", 0);
      await eventually("no registration", async () => (await ask.addresses("contract-web")).length === 0);
      expect(await wants()).toMatchObject({ JobStopped: false, TaskGroups: { app: { Desired: 0, Running: 0 } } });
      await eventually("a dead job", async () =>
        JSON.stringify((await ask.get("/v1/job/contract-web")).body).includes('"Status":"dead"'),
      );
      await cluster.scale("contract-web", 1);
      await eventually("the running one", async () => (await ask.running("contract-web")).length === 1);
      expect(await wants()).toMatchObject({ TaskGroups: { app: { Desired: 1 } } });
    });

    test("a drain moves its allocation away, and its end brings another", async () => {
      await cluster.drain();
      await eventually("no registration", async () => (await ask.addresses("contract-web")).length === 0);
      const [node] = await rowsOf("/v1/nodes");
      expect(node).toMatchObject({ SchedulingEligibility: "ineligible" });
      await cluster.undrain();
      await eventually("the running one", async () => (await ask.running("contract-web")).length === 1);
    });

    test("the stream tells of a stop, and what was registered goes", async () => {
      const { index } = await ask.get("/v1/services");
      const stream = await openStream(
        `${cluster.address}/v1/event/stream?topic=Service&topic=Allocation&index=${index}`,
        {
          "X-Nomad-Token": cluster.token,
        },
      );
      await eventually("the sign of life", () => stream.lines.length > 0);
      expect(stream.lines[0]).toEqual({});
      await cluster.stop("contract-web");
      const events = () => stream.lines.flatMap(({ Events = [] }) => Events);
      await eventually("the registration's end", () => events().some(({ Type }) => Type === "ServiceDeregistration"));
      await eventually("the allocation's end", () =>
        events().some(({ Payload }) => Payload["Allocation"]?.["ClientStatus"] === "complete"),
      );
      expect(events().some(({ Payload }) => Payload["Allocation"]?.["DesiredStatus"] === "stop")).toBe(true);
      expect((await ask.get("/v1/job/contract-web")).body).toMatchObject({ Stop: true, Status: "dead" });
      stream.close();
    });

    test("one namespace that is empty answers nothing under an index", async () => {
      const { status, index, body } = await ask.get("/v1/services?namespace=nowhere");
      expect([status, body]).toEqual([200, []]);
      expect(Number(index)).toBeGreaterThanOrEqual(1);
    });

    test("a query waits for a change of its table, and what is asked with an older index is answered at once", async () => {
      const { index } = await ask.get("/v1/services");
      const waiting = ask.get(`/v1/services?index=${index}&wait=30s`);
      await cluster.run({ ...job, id: "contract-wiki", tags: tagsOf("contract-wiki"), canaries: 0, count: 1 });
      const later = await waiting;
      expect(Number(later.index)).toBeGreaterThan(Number(index));
      expect(JSON.stringify(later.body)).toContain("contract-wiki");
      // Longer than the test may take.
      expect((await ask.get(`/v1/services?index=${index}&wait=5m`)).index).toBe(later.index);
    });
  });
});
