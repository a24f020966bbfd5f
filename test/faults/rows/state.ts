import { readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Trial } from "../../trials/trial.ts";
import { bringBack, ON_DISK, ringTwice, setPolicies, WITH_ACL } from "./catalog.ts";

/** Both state files are spoilt between two processes, and the catalog is down at the second's start: only the chart is left. */
function spoilt(name: string, spoil: (path: string) => Promise<void>): Trial {
  return {
    name: `state: ${name}, and the catalog is down`,
    portolanOnly: true,
    stage: ON_DISK,
    takesNews: false,
    async begin(stage) {
      await stage.consul.kill("SIGKILL");
      await stage.killPortolan();
      for (const file of ["last-good.json", "chart-state.json"]) await spoil(join(stage.stateDir, file));
      await stage.startPortolan();
    },
    end: bringBack,
    tells: ["state.set-aside", "chart.adopted", "source.failing"],
  };
}

export const STATE_ROWS: readonly Trial[] = [
  spoilt("cut in the middle", async (path) => {
    const { length } = await readFile(path);
    await truncate(path, Math.floor(length / 2));
  }),
  spoilt("garbage", (path) => writeFile(path, "\u0000\u0001 not what it was")),
  spoilt("from a newer version", async (path) => {
    const [first = "", ...rest] = (await readFile(path, "utf8")).split("\n");
    await writeFile(path, [JSON.stringify({ ...JSON.parse(first), format: 99 }), ...rest].join("\n"));
  }),
  {
    name: "state: lost, and the token has no policy",
    portolanOnly: true,
    stage: WITH_ACL,
    seconds: 15,
    async begin(stage) {
      await stage.killPortolan();
      await setPolicies(stage, []);
      await ringTwice(stage);
      await stage.startPortolan({ stateDir: `${stage.stateDir}-new` });
    },
    end: (stage) => setPolicies(stage, [{ Name: "portolan" }]),
    // A first read that shows nothing, and a reason why, is no read: the chart on disk stays as it is, and nothing is held.
    tells: ["source.failing", "chart.adopted"],
  },
];
