import { setTimeout as sleep } from "node:timers/promises";
import type { SoakCatalog } from "../soak-catalog.ts";
import type { Step } from "./weather.ts";

/** How often each kind of step was performed; of a spell, how many requests came while it was on. */
export type Tally = Map<string, number>;

/** Does a round to a catalog, one step after the other. */
export async function perform(steps: readonly Step[], catalog: SoakCatalog, tally: Tally): Promise<void> {
  const { watched } = catalog;
  let requestsBefore = 0;
  for (const step of steps) {
    switch (step.kind) {
      case "act":
        for (const write of step.writes) await catalog.write(write);
        count(tally, step.name, 1);
        break;
      case "pause":
        await sleep(step.forMs);
        break;
      case "begin":
        requestsBefore = watched.requests.count();
        await step.spell.begin(watched, step.patterns);
        break;
      case "end":
        await step.spell.end(watched, step.patterns);
        count(tally, `the catalog ${step.spell.name}, requests meanwhile`, watched.requests.count() - requestsBefore);
        break;
      case "restart":
        await catalog.restart();
        count(tally, "the catalog restarts", 1);
        break;
    }
  }
}

/** A round for people, one line a step. */
export function describeSteps(steps: readonly Step[]): readonly string[] {
  return steps.map(describeStep);
}

function describeStep(step: Step): string {
  switch (step.kind) {
    case "act":
      return `${step.name}: ${step.writes.map((write) => JSON.stringify(write)).join(" ")}`;
    case "pause":
      return `… ${step.forMs} ms`;
    case "begin":
    case "end":
      return `${step.kind}: the catalog ${step.spell.name} ${step.patterns.join(" ")}`;
    case "restart":
      return "the catalog restarts";
  }
}

function count(tally: Tally, name: string, by: number): void {
  tally.set(name, (tally.get(name) ?? 0) + by);
}
