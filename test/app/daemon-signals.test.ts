import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import type { App } from "../../src/app/app.ts";
import { handleSignals } from "../../src/app/daemon-signals.ts";
import { loadSettings } from "../../src/config/load.ts";
import { createMetrics, type Metrics } from "../../src/observe/metrics/registry.ts";
import { createRecordingLog } from "../fakes/recording-log.ts";
import { ownLines } from "../observe/metrics/exposition.ts";

function appWith(metrics: Metrics): App {
  return { catalogs: [], metrics, adopt: () => Promise.resolve() } as unknown as App;
}

test.each([
  [
    "portz: 1",
    /^settings\.refused: \d problems in the settings: .*portz: not a setting; .*; the old settings stay in force$/,
  ],
  ["a: [", /^settings\.refused: settings file .* not valid YAML.*; the old settings stay in force$/],
])(
  "settings that are refused at SIGHUP are one line of the log, and a metric until others count: %s",
  async (content, line) => {
    const path = join(tmpdir(), `portolan-signals-${process.pid}.yml`);
    await writeFile(path, content);
    onTestFinished(() => rm(path));
    const log = createRecordingLog();
    const metrics = createMetrics();
    expect(await ownLines(metrics)).toContain("portolan_settings_refused 0");
    const signals = handleSignals(appWith(metrics), log, new AbortController().signal, () =>
      loadSettings({ settings: path }, {}),
    );
    onTestFinished(() => signals.dispose());
    process.emit("SIGHUP");
    await vi.waitFor(() => expect(log.lines).toHaveLength(1));
    expect(log.lines[0]).toMatch(line);
    expect(log.lines[0]).not.toContain("\n");
    expect(await ownLines(metrics)).toContain("portolan_settings_refused 1");
    await writeFile(
      path,
      "consul: { address: http://127.0.0.1:8500 }\noutput: { file: /srv/chart.yml }\nstateDir: /srv/state\n",
    );
    process.emit("SIGHUP");
    await vi.waitFor(() => expect(log.names).toEqual(["settings.refused", "settings.reloaded"]));
    expect(await ownLines(metrics)).toContain("portolan_settings_refused 0");
  },
);
