import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createConfigInForce } from "../../../src/app/inputs/config-in-force.ts";
import { type Inputs, openInputs } from "../../../src/app/inputs/inputs.ts";
import { looksAtState } from "../../../src/app/stored-state/state-access.ts";
import { createDeferred } from "../../../src/base/deferred.ts";
import { assembleOperatorConfig } from "../../../src/core/operator-config/assemble.ts";
import type { OperatorConfig } from "../../../src/core/operator-config/operator-config.ts";
import { newConfig } from "../../../src/core/traefik/chart/dynamic-config.ts";
import { fanOutCatalog, fanOutChart } from "../../../src/observe/fan-out.ts";
import { startCatalogServer } from "../../../src/simulator/server.ts";
import { createCatalog } from "../../../src/simulator/state/catalog.ts";
import { allSettings } from "../../builders/world.ts";
import { createFakeClock, settle } from "../../fakes/fake-clock.ts";

function asking(address: string): OperatorConfig {
  const content = { http: { middlewares: { jwt: { forwardAuth: { address } } } } };
  const files = [{ name: "guards.yml", content }];
  const judgedBy = { version: "3.7", entryPoints: [], ruleSyntax: "v3", defaultEntryPoints: [] } as const;
  const settings = { origin: "define", config: newConfig() };
  return assembleOperatorConfig({ settings, files, lastGood: new Map() }, judgedBy).operatorConfig;
}

const FIXED = asking("http://192.0.2.7:80");
const JWT = asking("catalog://jwt/verify");
const SSO = asking("catalog://sso/verify");

/** A catalog that answers when the test says so. */
function world() {
  const clock = createFakeClock();
  const ended = new AbortController();
  const reads: ReturnType<typeof createDeferred<void>>[] = [];
  const told: OperatorConfig[] = [];
  let latest = FIXED;
  const inForce = createConfigInForce({
    latest: () => latest,
    readNamed() {
      const read = createDeferred();
      reads.push(read);
      return read.promise;
    },
    clock,
    signal: ended.signal,
    changed: () => void told.push(inForce.operatorConfig()),
  });
  return {
    ...{ clock, ended, reads, told, inForce },
    write(next: OperatorConfig) {
      latest = next;
      inForce.follow();
    },
  };
}

test("what names a service counts once the catalog has been read, however late it answers", async () => {
  const { clock, reads, told, inForce, write } = world();
  write(JWT);
  await clock.advance(4_000);
  expect(inForce.operatorConfig()).toBe(FIXED);
  expect(told).toEqual([]);
  reads[0]?.resolve();
  await inForce.settled();
  expect(told).toEqual([JWT]);
  expect(clock.sleepingMs).toEqual([]);
});

test("after five seconds it counts without, and the catalog's answer is another pass", async () => {
  const { clock, told, write } = world();
  write(JWT);
  await clock.advance(5_000);
  expect(told).toEqual([JWT]);
});

test("what names nothing new counts at once, also while a change before it waits, which then counts no more", async () => {
  const { reads, told, inForce, write } = world();
  write(JWT);
  const other = asking("http://192.0.2.8:80");
  write(other);
  expect(told).toEqual([other]);
  reads[0]?.resolve();
  await settle();
  expect(inForce.operatorConfig()).toBe(other);
  expect(told).toEqual([other]);
});

test("of two changes the last one counts, after a read of what it names", async () => {
  const { reads, told, inForce, write } = world();
  write(JWT);
  write(SSO);
  reads[0]?.resolve();
  await settle();
  expect(told).toEqual([]);
  reads[1]?.resolve();
  await inForce.settled();
  expect(told).toEqual([SSO]);
});

test("a file that turns to a service is not charted before that service is in the snapshot", async () => {
  const folder = await mkdtemp(join(tmpdir(), "config-in-force-"));
  const catalog = createCatalog();
  catalog.register({ Node: "node-1", Address: "192.168.11.11", Service: { Service: "jwt", Port: 24_100 } });
  const server = await startCatalogServer({ catalog });
  const write = (address: string) =>
    writeFile(
      join(folder, "guards.yml"),
      JSON.stringify({ http: { middlewares: { jwt: { forwardAuth: { address } } } } }),
    );
  await write("http://192.168.11.11:24100/verify");
  const stateDir = join(folder, "state");
  const output = { file: join(folder, "chart", "portolan.yml") };
  const settings = allSettings({ snippets: folder, consul: { address: server.url }, output, stateDir });
  const seen: { readonly asked: boolean; readonly services: readonly string[] }[] = [];
  let opened: Inputs | undefined;
  const inputs = await openInputs(settings, {
    log: { emit() {}, setLevel() {} },
    observer: fanOutChart([]),
    access: looksAtState(() => {}),
    catalogObserver: () => fanOutCatalog([]),
    changed() {
      if (opened === undefined) return;
      const asked = JSON.stringify([...opened.operatorConfig().config["http/middlewares"]]).includes("catalog://");
      const { instances = [] } = opened.catalogs[0]?.source.snapshot() ?? {};
      seen.push({ asked, services: instances.map(({ service }) => service) });
    },
  });
  opened = inputs;
  try {
    await inputs.catalogs[0]?.source.confirm(new AbortController().signal);
    await write("catalog://jwt/verify");
    await inputs.adopt(settings);
    expect(seen.filter(({ asked }) => asked)).not.toEqual([]);
    for (const { services } of seen.filter(({ asked }) => asked)) expect(services).toEqual(["jwt"]);
  } finally {
    await inputs.close();
    await server.close();
    await rm(folder, { recursive: true });
  }
});
