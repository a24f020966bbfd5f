import { expect, test } from "vitest";
import type { ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import { withoutCaches } from "../../../src/core/memory.ts";
import { NO_OPERATOR_CONFIG } from "../../../src/core/operator-config/operator-config.ts";
import { reconcileInSteps } from "../../../src/core/reconcile.ts";
import { instance, NOW_MS, pass, settings, snapshot } from "../../builders/world.ts";

/* A memory may be followed by any number of passes: a plan, a pass that could not be published, a rollback. */

function service(name: string, createIndex: number, rule: string): ServiceInstance {
  return instance({
    service: name,
    id: name,
    createIndex,
    tags: ["traefik.enable=true", `traefik.http.routers.${name}.rule=${rule}`],
  });
}

const web = service("web", 1, "Host(`a.org`)");
const api = service("api", 2, "Host(`b.org`)");
const thief = service("thief", 3, "Host(`a.org`)");
const moved = service("web", 1, "Host(`c.org`)");
const wide = service("wide", 4, "HostRegexp(`^.+\\.org$`)");

const NEXT: readonly (readonly [string, readonly ServiceInstance[]])[] = [
  ["a service asks for a host that is taken", [web, api, thief]],
  ["a service leaves", [api]],
  ["a host is free, and another service asks for it", [moved, api, thief]],
  ["a wide rule comes", [web, api, wide]],
  ["nothing changes", [web, api]],
];

function shown({ text, diagnostics, memory }: ReturnType<typeof pass>) {
  const { owners, sharingGroups } = memory.hosts;
  return { text, diagnostics, owners, sharingGroups };
}

/** A pass that knows the chart and the owners from before, but makes its index from scratch. */
function afresh(instances: readonly ServiceInstance[], previous: ReturnType<typeof pass>["memory"]) {
  return shown(pass(instances, { previous: withoutCaches(previous) }));
}

test("one memory, followed by different passes one after the other, comes each time to what a pass from scratch comes to", () => {
  const { memory } = pass([web, api]);
  for (const [what, instances] of [...NEXT, ...NEXT.toReversed()]) {
    expect(shown(pass(instances, { previous: memory })), what).toEqual(afresh(instances, memory));
  }
});

test("a pass that is abandoned half way leaves no mark on the memory that it came from", () => {
  const core = settings();
  const { memory } = pass([web, api], { settings: core });
  const input = { previous: memory, settings: core, nowMs: NOW_MS, operatorConfig: NO_OPERATOR_CONFIG };
  for (let steps = 1; steps < 12; steps += 1) {
    const abandoned = reconcileInSteps({ ...input, snapshots: [snapshot([moved, thief, wide])] });
    for (let step = 0; step < steps; step += 1) abandoned.next();
    for (const [what, instances] of NEXT) {
      expect(shown(pass(instances, { previous: memory, settings: core })), what).toEqual(afresh(instances, memory));
    }
  }
});

test("passes that follow on each other take over the index of the one before", () => {
  let previous = pass([web, api]).memory;
  for (const [what, instances] of [...NEXT, ...NEXT.toReversed(), ...NEXT]) {
    const next = pass(instances, { previous });
    expect(shown(next), what).toEqual(afresh(instances, previous));
    previous = next.memory;
  }
});
