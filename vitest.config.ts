import { configDefaults, defineConfig } from "vitest/config";
import { createNotPlayedReporter } from "./test/support/not-played.ts";

const INTEGRATION = ["test/integration/**/*.test.ts", "test/contract/**/*.test.ts", "test/differential/**/*.test.ts"];
const KILL = ["test/kill/**/*.test.ts"];
const PACKAGE = ["test/package/**/*.test.ts"];
const BROWSER = ["test/browser/**/*.test.ts"];
const CONTAINERS = ["test/containers/**/*.test.ts"];

/** Rings: unit (under a minute, no servers but our own), integration (real servers); kill, package, page and containers by their own scripts. */
export default defineConfig({
  test: {
    reporters: [...configDefaults.reporters, createNotPlayedReporter()],
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: [...INTEGRATION, ...KILL, ...PACKAGE, ...BROWSER, ...CONTAINERS],
          // The test files of a worker share what they import, which is most of a run otherwise. The sources keep no state
          // in their modules. What a test replaces is put back after it; for fake timers the test does that itself.
          isolate: false,
          restoreMocks: true,
          unstubEnvs: true,
          // Vitest leaves one core idle where nothing is said: half of a machine with two.
          maxWorkers: "100%",
          // What is awaited comes at once, but for a machine that has other things to do.
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: "integration",
          include: INTEGRATION,
          // Twice what the longest takes on a machine that has other things to do.
          testTimeout: 120_000,
          hookTimeout: 60_000,
          // Mostly they wait for servers: two of them leave a third of a machine with two cores idle.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: "kill",
          include: KILL,
          testTimeout: 900_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: "package",
          include: PACKAGE,
          testTimeout: 60_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 3 },
        },
      },
      {
        test: {
          name: "page",
          include: BROWSER,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // A Chromium has several processes of its own.
          maxWorkers: 2,
          sequence: { groupOrder: 4 },
        },
      },
      {
        test: {
          name: "containers",
          include: CONTAINERS,
          testTimeout: 120_000,
          sequence: { groupOrder: 5 },
        },
      },
    ],
  },
});
