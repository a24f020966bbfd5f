import { type Churn, startChurn } from "../../trials/churn.ts";
import type { Stage } from "../../trials/stage/stage.ts";
import type { Trial } from "../../trials/trial.ts";

const SERVICES = 150;
/** Some ten changes a second. */
const EVERY_MS = 100;
const SECONDS = 120;
/** Of masses that leave and return each route has its line, twice, and of a node's address every 23 changes each of its routes. */
const MOST_LINES = ((SECONDS * 1_000) / EVERY_MS) * (1 + SERVICES / 6 / 23) + 8 * SERVICES;

const running = new WeakMap<Stage, Churn>();

function linesAbout(stage: Stage, pattern: RegExp): readonly string[] {
  return stage.logs().flatMap((log) => log.split("\n").filter((line) => pattern.test(line)));
}

export const CHURN_ROW: Trial = {
  name: "catalog: healthy, and ten changes a second for two minutes",
  portolanOnly: true,
  seconds: SECONDS,
  mostLogLines: MOST_LINES,
  async begin(stage) {
    running.set(stage, await startChurn(stage, { services: SERVICES, everyMs: EVERY_MS, hasMasses: true }));
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
