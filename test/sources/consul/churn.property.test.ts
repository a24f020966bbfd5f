import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import { send } from "../../../src/simulator/api/answer.ts";
import type { Catalog } from "../../../src/simulator/state/catalog.ts";
import { EXPOSED, inWorld, register } from "./world.ts";

const NODES = ["node-1", "node-2", "node-3"];
const SERVICES = 90;
const neverAborted = new AbortController().signal;

interface Write {
  readonly kind: "arrive" | "leave" | "port" | "check" | "rename" | "node";
  readonly at: number;
  readonly to: number;
}

/** A write, or a complete read in the middle of the writes. */
type Step = Write | { readonly kind: "confirm" };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constantFrom("arrive" as const, "leave", "port", "check", "rename", "node"),
      at: fc.nat(SERVICES + 10),
      to: fc.nat(2_000),
    }),
  },
  { weight: 2, arbitrary: fc.constant<Step>({ kind: "confirm" }) },
);

function nodeOf(number: number): string {
  return NODES[number % NODES.length] ?? "node-1";
}

function perform(catalog: Catalog, step: Write): void {
  const service = `s${step.at}`;
  const node = nodeOf(step.at);
  switch (step.kind) {
    case "arrive":
    case "port":
      register(catalog, { service, node, port: 20_000 + step.to });
      break;
    case "rename":
      register(catalog, { service: `s${step.to % SERVICES}`, id: service, node });
      break;
    case "leave":
      catalog.deregister({ Node: node, ServiceID: service });
      break;
    case "node":
      catalog.register({ Node: node, Address: `10.0.${step.to % 250}.1` });
      break;
    case "check": {
      const status = step.to % 2 === 0 ? "passing" : "critical";
      if (catalog.state.tables.check(node, `service:${service}`) !== undefined) {
        catalog.setCheck(node, `service:${service}`, status, `${step.to}`);
      }
      break;
    }
  }
}

/** What must be known at the end: name, node, id and port of each exposed instance. */
function registered(catalog: Catalog): readonly string[] {
  return NODES.flatMap((node) =>
    catalog.state.tables
      .instancesOn(node)
      .filter(({ service }) => service.Tags.includes(EXPOSED))
      .map(({ service }) => `${service.Service} ${node} ${service.ID} ${service.Port}`),
  ).toSorted();
}

test.each(["per-node", "sweep", "per-service"])(
  "%s: whatever is written and however late answers come, a healthy catalog is not taken for a restored one",
  async (strategy) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyStep, { minLength: 20, maxLength: 60 }),
        fc.array(fc.nat(40), { minLength: 8, maxLength: 8 }),
        async (steps, delays) => {
          const prepare = (catalog: Catalog) => {
            for (let at = 0; at < SERVICES; at += 1) register(catalog, { service: `s${at}`, node: nodeOf(at) });
          };
          // Short waits, so that they end among the writes.
          const options = { strategy, budget: 110, waitMs: 150, prepare };
          await inWorld(options, async ({ catalog, server, source, reported, eventually }) => {
            let answers = 0;
            server.faults.set("*", async ({ response, answer }) => {
              const whole = await answer();
              answers += 1;
              await sleep(delays[answers % delays.length]);
              await send(response, whole);
            });
            await eventually("the first read", () => source.snapshot());
            const confirming: Promise<void>[] = [];
            for (const step of steps) {
              if (step.kind === "confirm") confirming.push(source.confirm(neverAborted));
              else perform(catalog, step);
              await sleep(10);
            }
            await Promise.all(confirming);
            const wanted = registered(catalog);
            const known = () =>
              source
                .snapshot()
                ?.instances.map(({ service, node, id, port }) => `${service} ${node} ${id} ${port}`)
                .toSorted();
            await eventually("all to be known", () => JSON.stringify(known()) === JSON.stringify(wanted)).catch(
              () => {},
            );
            expect(known()).toEqual(wanted);
            expect(source.snapshot()?.indexResetAtMs).toBeUndefined();
            expect(reported.failures).toEqual([]);
          });
        },
      ),
      { numRuns: 4, endOnFailure: true },
    );
  },
  120_000,
);
