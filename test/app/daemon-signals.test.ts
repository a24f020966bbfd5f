import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import type { App } from "../../src/app/app.ts";
import { handleSignals } from "../../src/app/daemon-signals.ts";
import { loadSettings } from "../../src/config/load.ts";
import { createRecordingLog } from "../fakes/recording-log.ts";

const app = { catalogs: [], adopt: () => Promise.resolve() } as unknown as App;

test.each([
  [
    "portz: 1",
    /^settings\.refused: \d problems in the settings: .*portz: not a setting; .*; the old settings stay in force$/,
  ],
  ["a: [", /^settings\.refused: settings file .* not valid YAML.*; the old settings stay in force$/],
])("settings that are refused at SIGHUP are one line of the log: %s", async (content, line) => {
  const path = join(tmpdir(), `portolan-signals-${process.pid}.yml`);
  await writeFile(path, content);
  onTestFinished(() => rm(path));
  const log = createRecordingLog();
  const signals = handleSignals(app, log, new AbortController().signal, () => loadSettings({ settings: path }, {}));
  onTestFinished(() => signals.dispose());
  process.emit("SIGHUP");
  await vi.waitFor(() => expect(log.lines).toHaveLength(1));
  expect(log.lines[0]).toMatch(line);
  expect(log.lines[0]).not.toContain("\n");
});
