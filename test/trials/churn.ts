import { setTimeout as sleep } from "node:timers/promises";
import type { Stage } from "./stage/stage.ts";
import { register } from "./stage/world.ts";

export interface ChurnOptions {
  readonly services: number;
  /** Between two changes. */
  readonly everyMs: number;
  /** Now and then half of the services leave at once and come back. Default: no. */
  readonly hasMasses?: true;
}

export interface Churn {
  /** How many routes the changes so far concern: one line of the log for each is the most that is right. */
  changedRoutes(): number;
  /** Rejects with what went wrong meanwhile. */
  stop(): Promise<void>;
}

const NODES = 6;
const MASS_EVERY = 300;
/** Seldom enough that no node is taken for one that flaps. */
const ADDRESS_EVERY = 23;

/** Registers the services, and changes them one after the other until it is stopped. */
export async function startChurn(
  { catalog, ports }: Stage,
  { services, everyMs, hasMasses }: ChurnOptions,
): Promise<Churn> {
  let isOver = false;
  let changedRoutes = 0;

  function join(number: number, port: number): Promise<void> {
    changedRoutes += 1;
    return register(catalog, { service: `churn-${number}`, node: nodeOf(number), port, keepsAddress: true });
  }

  function leave(number: number): Promise<void> {
    changedRoutes += 1;
    return catalog.deregister({ Node: nodeOf(number), ServiceID: `churn-${number}` });
  }

  /** In turn: a port, a departure, its return, a name without tags of its own; and now and then a node's address. */
  async function change(step: number): Promise<void> {
    const number = (step * 7) % services;
    if (step % ADDRESS_EVERY === 0) {
      changedRoutes += Math.ceil(services / NODES);
      return catalog.register({ Node: nodeOf(step / ADDRESS_EVERY), Address: `127.0.${step % 200}.1` });
    }
    switch (step % 4) {
      case 0:
        return join(number, ports.first);
      case 1:
        return leave(number);
      case 2:
        // The one that left in the step before.
        return join(((step - 1) * 7) % services, ports.second);
      default:
        return catalog.register({
          Node: nodeOf(number),
          SkipNodeUpdate: true,
          Service: { ID: `plain-${number}`, Service: `plain-${number}`, Port: 20_000 + (step % 1_000) },
        });
    }
  }

  /** More at once than is believed without a read that confirms it, and back after that read: it goes node by node. */
  async function leaveAndReturn(): Promise<void> {
    const leaving = Array.from({ length: services / 2 }, (_, number) => number);
    for (const number of leaving) await leave(number);
    await sleep(3_000);
    for (const number of leaving) await join(number, ports.first);
  }

  async function churn(): Promise<void> {
    for (let step = 0; !isOver; step += 1) {
      await change(step);
      await sleep(everyMs);
      if (hasMasses === true && step % MASS_EVERY === MASS_EVERY / 2) await leaveAndReturn();
    }
  }

  for (let number = 0; number < services; number += 1) await join(number, ports.first);
  const done = churn();
  // What went wrong is thrown where the churn is stopped.
  done.catch(() => {});
  return {
    changedRoutes: () => changedRoutes,
    async stop() {
      isOver = true;
      await done;
    },
  };
}

function nodeOf(number: number): string {
  return `churn-${number % NODES}`;
}
