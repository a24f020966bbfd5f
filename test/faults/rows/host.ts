import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { canMount, mount, unmount } from "../../output/scratch.ts";
import { until } from "../../support/await-until.ts";
import type { Stage } from "../../trials/stage/stage.ts";
import { register, tagsOf } from "../../trials/stage/world.ts";
import type { Trial } from "../../trials/trial.ts";

/** Where distributions put libfaketime. */
const SYSTEM_DIRECTORIES = ["x86_64-linux-gnu", "aarch64-linux-gnu"].map((triplet) => `/usr/lib/${triplet}/faketime`);

const FAKETIME = [join(import.meta.dirname, "../../tools/bin"), ...SYSTEM_DIRECTORIES, "/usr/lib64/faketime"]
  .map((directory) => join(directory, "libfaketime.so.1"))
  .find((path) => existsSync(path));

const isMountable = canMount();

function lacksMounts(): string | undefined {
  return isMountable ? undefined : "mounting a file system needs root";
}

function tmpfs(target: string, size: string): () => void {
  mount(["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", target]);
  return () => unmount(target);
}

/** The wall clock of portolan alone jumps, and stays so; timers go on, as with a correction by hand or by NTP. */
function clockJumps(name: string, offset: string): Trial {
  const clockFile = (root: string) => join(root, "clock");
  // LD_PRELOAD separates paths by blanks and colons, which the checkout's may have.
  const library = (root: string) => join(root, "libfaketime.so.1");
  return {
    name: `host: the clock jumps ${name}`,
    portolanOnly: true,
    lacks: () => (FAKETIME === undefined ? "no libfaketime; run test/tools/install libfaketime" : undefined),
    stage: {
      environment(root) {
        writeFileSync(clockFile(root), "+0");
        if (FAKETIME !== undefined) symlinkSync(FAKETIME, library(root));
        return {
          LD_PRELOAD: library(root),
          FAKETIME_TIMESTAMP_FILE: clockFile(root),
          FAKETIME_NO_CACHE: "1",
          FAKETIME_DONT_FAKE_MONOTONIC: "1",
          DONT_FAKE_MONOTONIC: "1",
        };
      },
    },
    begin: ({ root }) => writeFile(clockFile(root), offset),
    tells: [],
  };
}

const FILLER = "filler";

/** Fills the file system to the last byte. */
async function fill({ root }: Stage): Promise<void> {
  for (const size of [1 << 16, 1 << 10, 1]) {
    try {
      for (;;) writeFileSync(join(root, FILLER), Buffer.alloc(size), { flag: "a" });
    } catch {
      // Full for pieces of this size.
    }
  }
}

export const HOST_ROWS: readonly Trial[] = [
  clockJumps("an hour ahead", "+3600"),
  clockJumps("an hour back", "-3600"),
  {
    name: "host: the disk is full",
    portolanOnly: true,
    lacks: lacksMounts,
    stage: { prepare: (root) => tmpfs(root, "2m") },
    // Longer than others: it is tried every second, and the log must not say so each time.
    seconds: 12,
    async begin(stage) {
      await fill(stage);
      // The last page of a file has room for a few lines more: this service is larger than a page.
      const tags = [...tagsOf("bulky"), `note=${"x".repeat(8_192)}`];
      await register(stage.catalog, { service: "bulky", port: stage.ports.first, tags });
    },
    end: ({ root }) => rm(join(root, FILLER)),
    tells: ["chart.unwritable", "state.unsaved", "chart.writable"],
  },
  {
    name: "host: the output's directory is read-only",
    portolanOnly: true,
    lacks: lacksMounts,
    stage: {
      prepare(_root, watched) {
        mkdirSync(watched);
        return tmpfs(watched, "2m");
      },
    },
    begin: async ({ watched }) => mount(["-o", "remount,ro", watched]),
    end: async ({ watched }) => mount(["-o", "remount,rw", watched]),
    tells: ["chart.unwritable", "chart.writable"],
  },
  {
    name: "host: the output's directory is removed",
    portolanOnly: true,
    // The chart goes with it, and Traefik forgets at once what a deleted file said.
    interrupts: true,
    // Portolan may put its hidden directory back in the middle of it.
    begin: ({ watched }) => rm(watched, { recursive: true, maxRetries: 5 }),
    async end(stage) {
      await mkdir(stage.watched);
      await untilTraefikSeesAgain(stage);
    },
    tells: ["chart.unwritable", "chart.unwatched", "chart.writable"],
  },
  {
    name: "host: the output's directory is replaced",
    portolanOnly: true,
    // Traefik may look once more, into the new directory, before portolan could have written there; never again after that.
    interrupts: true,
    async begin({ watched, root }) {
      await rename(watched, join(root, "moved-away"));
      await mkdir(watched);
    },
    end: untilTraefikSeesAgain,
    tells: ["chart.unwatched"],
  },
];

/** Traefik watches a directory by its inode: in another one of that name it sees nothing until it is restarted. */
async function untilTraefikSeesAgain(stage: Stage): Promise<void> {
  await until(() => existsSync(stage.chart), { timeoutMs: 5_000, what: "the chart to be written again" });
  await stage.restartTraefik();
}
