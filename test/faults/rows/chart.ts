import { open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { until } from "../../support/await-until.ts";
import type { Stage } from "../../trials/stage/stage.ts";
import type { Trial } from "../../trials/trial.ts";

/** Another process changes the file; it must be what it was within the time that is promised for news. */
function meddled(name: string, meddle: (stage: Stage, text: string) => Promise<void>): Trial {
  return {
    name: `chart: ${name}`,
    portolanOnly: true,
    async begin(stage) {
      const before = await readFile(stage.chart, "utf8");
      await meddle(stage, before);
      const isRight = async () => (await readFile(stage.chart, "utf8")) === before;
      await until(isRight, { timeoutMs: 2_000, what: "the file to be what it was" });
    },
    tells: ["chart.repaired"],
  };
}

/** As long as the text before, so that no reader meets a shorter file of this editor's making. */
function edited(text: string): string {
  return text.replace("bystander-1.test", "bystander-X.test");
}

export const CHART_ROWS: readonly Trial[] = [
  meddled("edited in place", async ({ chart }, text) => {
    const file = await open(chart, "r+");
    await file.write(edited(text), 0);
    await file.close();
  }),
  meddled("another moved over it", async ({ chart, root }, text) => {
    await writeFile(`${root}/other.yml`, edited(text));
    await rename(`${root}/other.yml`, chart);
  }),
  {
    ...meddled("deleted", ({ chart }) => rm(chart)),
    // Traefik forgets at once what a deleted file said, and no writer can be quicker.
    interrupts: true,
  },
  {
    name: "chart: the operator breaks another file of the directory, and mends it",
    portolanOnly: true,
    // Traefik refuses the directory meanwhile, and goes on with what it has.
    takesNews: false,
    stage: { files: () => ({ "dynamic/static.yml": "http: { middlewares: { zip: { compress: {} } } }\n" }) },
    async begin({ watched, portolan }) {
      await writeFile(`${watched}/static.yml`, "http: { middlewares: { zip: { compres: {} } } }\n");
      await until(() => portolan.log().includes("chart.refused"), { timeoutMs: 5_000, what: "the error in the log" });
    },
    end: ({ watched }) => writeFile(`${watched}/static.yml`, "http: { middlewares: { zip: { compress: {} } } }\n"),
    async verify({ portolan }) {
      await until(() => portolan.log().includes("chart.loadable"), { timeoutMs: 5_000, what: "the end in the log" });
    },
    tells: ["chart.refused", "chart.loadable"],
  },
];
