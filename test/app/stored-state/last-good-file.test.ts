import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createWorld, snapshotOf } from "../../../bench/world.ts";
import { createLastGoodFile } from "../../../src/app/stored-state/last-good-file.ts";
import type { ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import { instance, snapshot } from "../../builders/world.ts";
import { createScratch } from "../../output/scratch.ts";

const INSTANCE = instance({
  checks: [{ id: "serfHealth", name: "", status: "passing", ofNode: true }],
  meta: { team: "blue" },
  taggedAddresses: { wan: { address: "192.0.2.1", port: 443 } },
  weights: { passing: 5, warning: 0 },
});

let scratch: ReturnType<typeof createScratch>;
let path: string;

beforeEach(() => {
  scratch = createScratch();
  path = join(scratch.dir, "state.json");
});

afterEach(() => scratch.remove());

function stored(instances: readonly ServiceInstance[]) {
  const { source, readAtMs } = snapshot([]);
  return { source, readAtMs, instances };
}

test("a snapshot comes back as it was", async () => {
  const all = [INSTANCE, instance({ service: "api", id: "api-1" }), instance({ id: "web-2", namespace: "team" })];
  await createLastGoodFile(path).save(stored(all), 7);
  expect(await createLastGoodFile(path).load()).toEqual({ kind: "loaded", value: stored(all), writtenAtMs: 7 });
});

test("what a Nomad said of some of a service's instances comes back, of the others nothing", async () => {
  const allocation = { kind: "of-job", nomad: "n", namespace: "default", job: "shop", isCanary: true } as const;
  const elsewhere = { kind: "elsewhere", nomad: "n" } as const;
  const all = [
    INSTANCE,
    instance({ id: "web-2", allocation }),
    instance({ id: "web-3", allocation: elsewhere }),
    instance({ service: "api", allocation }),
    instance({ service: "api", id: "api-2" }),
  ];
  await createLastGoodFile(path).save(stored(all), 7);
  expect(await createLastGoodFile(path).load()).toEqual({ kind: "loaded", value: stored(all), writtenAtMs: 7 });
});

test("a change costs the line of its service", async () => {
  const file = createLastGoodFile(path);
  const others = [INSTANCE, instance({ service: "api" })];
  await file.save(stored([...others, instance({ service: "db", port: 24_001 })]), 7);
  const before = readFileSync(path, "utf8");
  await file.save(stored([...others, instance({ service: "db", port: 24_002 })]), 8);
  const added = readFileSync(path, "utf8").slice(before.length).trimEnd().split("\n");
  expect(added).toEqual([expect.stringMatching(/^\["db",.*24002/), expect.stringContaining('"writtenAtMs":8')]);
});

test("15,000 instances take less than 5 MB", async () => {
  const world = createWorld({ services: 5_000, instances: 3, nodes: 50, ports: [24_001, 24_002, 24_003] });
  await createLastGoodFile(path).save(stored(world.map(snapshotOf)), 7);
  expect(statSync(path).size * 1.25).toBeLessThan(5_000_000);
});

test("a snapshot of another shape is set aside", async () => {
  await createLastGoodFile(path).save(stored([instance({ port: 24_001 })]), 7);
  writeFileSync(path, readFileSync(path, "utf8").replace("24001", '"24001"'));
  expect(await createLastGoodFile(path).load()).toMatchObject({ kind: "setAside" });
});

test("what an earlier version read by the socket of an allocation is known by the name that the source has now", async () => {
  const at = "unix:///opt/alloc/b8d3/secrets/api.sock";
  const word = (nomad: string) => ({ kind: "elsewhere", nomad }) as const;
  const source = `nomad ${at} global/default traefik`;
  await createLastGoodFile(path).save({ ...stored([instance({ allocation: word(at) })]), source }, 7);
  expect(await createLastGoodFile(path).load()).toMatchObject({
    value: { source: "nomad unix:// global/default traefik", instances: [{ allocation: word("unix://") }] },
  });
});
