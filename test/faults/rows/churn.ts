import { setTimeout as sleep } from "node:timers/promises";
import type { Stage } from "../../trials/stage/stage.ts";
import { register } from "../../trials/stage/world.ts";
import type { Trial } from "../../trials/trial.ts";

const SERVICES = 150;
const NODES = 6;
/** Some ten changes a second. */
const EVERY_MS = 100;
const SECONDS = 120;

const running = new WeakMap<Stage, { stop(): Promise<void> }>();

function nodeOf(number: number): string {
  return `churn-${number % NODES}`;
}

/** In turn: a port, a departure, its return, a node's address, a name without tags of its own. */
async function change({ catalog, ports }: Stage, step: number): Promise<void> {
  const number = (step * 7) % SERVICES;
  const service = `churn-${number}`;
  const node = nodeOf(number);
  switch (step % 5) {
    case 0:
      await register(catalog, { service, node, port: ports.first });
      return;
    case 1:
      await catalog.deregister({ Node: node, ServiceID: service });
      return;
    case 2: {
      // The one that left in the step before.
      const back = ((step - 1) * 7) % SERVICES;
      await register(catalog, { service: `churn-${back}`, node: nodeOf(back), port: ports.second });
      return;
    }
    case 3:
      await catalog.register({ Node: node, Address: `127.0.${step % 200}.1` });
      return;
    default:
      await catalog.register({
        Node: node,
        SkipNodeUpdate: true,
        Service: { ID: `plain-${step}`, Service: `plain-${number}`, Port: ports.others },
      });
  }
}

/** A third of the services and more at once, and back after the read that confirms it: it goes node by node. */
async function leaveAndReturn({ catalog, ports }: Stage): Promise<void> {
  const leaving = Array.from({ length: SERVICES / 2 }, (_, number) => number);
  for (const number of leaving) await catalog.deregister({ Node: nodeOf(number), ServiceID: `churn-${number}` });
  await sleep(3_000);
  for (const number of leaving) {
    await register(catalog, { service: `churn-${number}`, node: nodeOf(number), port: ports.first });
  }
}

function startChurn(stage: Stage): { stop(): Promise<void> } {
  let isOver = false;
  async function churn(): Promise<void> {
    for (let step = 0; !isOver; step += 1) {
      await change(stage, step);
      await sleep(EVERY_MS);
      if (step % 300 === 150) await leaveAndReturn(stage);
    }
  }
  const done = churn();
  // What went wrong is thrown where the churn is stopped.
  done.catch(() => {});
  return {
    async stop() {
      isOver = true;
      await done;
    },
  };
}

function linesAbout(stage: Stage, pattern: RegExp): readonly string[] {
  return stage.logs().flatMap((log) => log.split("\n").filter((line) => pattern.test(line)));
}

export const CHURN_ROW: Trial = {
  name: "catalog: healthy, and ten changes a second for two minutes",
  portolanOnly: true,
  seconds: SECONDS,
  // Each changed route has its line: one a step, all of a node's where its address changes, and a mass that leaves and returns.
  mostLogLines: (SECONDS * 1_000 * (4 + SERVICES / NODES)) / (5 * EVERY_MS) + 4 * SERVICES,
  async begin(stage) {
    for (let number = 0; number < SERVICES; number += 1) {
      await register(stage.catalog, { service: `churn-${number}`, node: nodeOf(number), port: stage.ports.first });
    }
    running.set(stage, startChurn(stage));
  },
  async end(stage) {
    await running.get(stage)?.stop();
  },
  async verify(stage) {
    if (stage.peer !== "portolan") return;
    const wrong = [...linesAbout(stage, /"kind":"catalog-reset"/), ...linesAbout(stage, /"source\.failing"/)];
    if (wrong.length > 0) throw new Error(`${wrong.length} false alarms, the first: ${wrong[0]}`);
  },
  tells: ["source.watching"],
};
