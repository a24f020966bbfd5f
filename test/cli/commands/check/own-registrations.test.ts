import { expect, test } from "vitest";
import { withOwnRegistrations } from "../../../../src/cli/commands/check/job/own-registrations.ts";
import { decodeJob } from "../../../../src/job/file/decode-job.ts";
import { createNomadCatalog } from "../../../../src/simulator/nomad/catalog.ts";
import { startNomadServer } from "../../../../src/simulator/nomad/server.ts";
import { jobGroup, jobOf, jobService, staticPort } from "../../../builders/job.ts";
import { allSettings, instance, snapshot } from "../../../builders/world.ts";

const ID = "11111111-2222-4333-8444-555555555555";
const decoded = decodeJob(jobOf([jobGroup([jobService("shop")], staticPort(8080))]), "");
if (decoded.kind === "refused") throw new Error("the job is sound");
const { job } = decoded;
const at = (port: number, id: string) =>
  instance({ service: "web", id, node: "node-1", nodeAddress: "10.0.0.1", address: "10.0.0.1", port });
const held = at(8080, `_nomad-task-${ID}-group-app-web-http`);
const settings = (address: string) => allSettings({ schedulers: [{ address }] });
const words = async (live: typeof held, address: string) => {
  const { snapshots, unanswered } = await withOwnRegistrations(job, [snapshot([live])], settings(address));
  return { words: snapshots.flatMap(({ instances }) => instances.map((one) => one.allocation)), unanswered };
};

test("Nomad tells which registrations in Consul are the job's own, and a client that writes such an id is not believed", async () => {
  const catalog = createNomadCatalog();
  const server = await startNomadServer({ catalog });
  const place = (JobID: string) =>
    catalog.placeAllocation({
      ...{ ID, JobID, NodeName: "node-1" },
      Ports: [{ Label: "http", Value: 8080, HostIP: "10.0.0.1" }],
    });
  try {
    expect((await words(held, server.url)).words).toEqual([undefined]);
    place("shop");
    expect((await words(held, server.url)).words).toMatchObject([
      { kind: "of-job", job: "shop", namespace: "default" },
    ]);
    expect((await words({ ...held, node: "node-2", nodeAddress: "10.0.0.2" }, server.url)).words).toEqual([undefined]);
    place("other");
    expect((await words(held, server.url)).words).toEqual([undefined]);
  } finally {
    await server.close();
  }
});

test("a Nomad that does not answer is told, and is not asked where nothing is at the job's static ports", async () => {
  const nowhere = "http://127.0.0.1:1";
  expect(await words(held, nowhere)).toMatchObject({
    words: [undefined],
    unanswered: [expect.stringContaining("does not say which allocations are the job's own")],
  });
  for (const live of [at(8081, held.id), at(8080, "web-1")])
    expect(await words(live, nowhere)).toMatchObject({ unanswered: [] });
});
