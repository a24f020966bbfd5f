import { beforeEach, describe, expect, test } from "vitest";
import type { Decision } from "../../../../src/core/decision.ts";
import { assembleOperatorConfig } from "../../../../src/core/operator-config/assemble.ts";
import { NO_OPERATOR_CONFIG } from "../../../../src/core/operator-config/operator-config.ts";
import { createDiagnosticLog, type DiagnosticLog } from "../../../../src/observe/log/chart/diagnostic-log.ts";
import { reportedDiagnostics } from "../../../../src/observe/reported-diagnostics.ts";
import { instance, pass } from "../../../builders/world.ts";
import { createRecordingLog, type RecordingLog } from "../../../fakes/recording-log.ts";
import { BROKEN, flood } from "../../charted.ts";

let log: RecordingLog;
let diagnostics: DiagnosticLog;

beforeEach(() => {
  log = createRecordingLog();
  diagnostics = createDiagnosticLog(log);
});

function report(decision: Decision): void {
  diagnostics.report(reportedDiagnostics(decision.diagnostics));
}

test("what is wrong with the operator's own file is logged by its name", () => {
  const { operatorConfig } = assembleOperatorConfig(
    {
      settings: { origin: "settings", config: NO_OPERATOR_CONFIG.config },
      files: [{ name: "a.yml", content: { http: 1 } }],
      lastGood: new Map(),
    },
    { version: "3.6", ruleSyntax: "v3", entryPoints: [] },
  );
  const first = pass([instance()], { operatorConfig });
  report(first);
  expect(log.lines).toEqual([
    expect.stringMatching(/^diagnostic\.found: SNIPPET_REFUSED a\.yml: http: found a number;/),
  ]);
  report(pass([instance()], { previous: first.memory }));
  expect(log.lines.at(-1)).toBe("diagnostic.cleared: SNIPPET_REFUSED is settled for a.yml");
});

test("a settled diagnostic is logged, once", () => {
  const first = pass([instance(), BROKEN]);
  report(first);
  report(first);
  expect(log.names).toEqual(["diagnostic.found"]);
  log.clear();
  const second = pass([instance()], { previous: first.memory });
  report(second);
  report(second);
  expect(log.lines).toEqual(["diagnostic.cleared: TAG_UNKNOWN_KEY is settled for broken (b)"]);
});

describe("a flood of diagnostics", () => {
  const logged = (event: string) => log.lines.filter((line) => line.startsWith(`${event}: `));

  test("of one service leaves the diagnostics of the others in the log", () => {
    report(pass([...flood("a-flood", 5_000), BROKEN]));
    expect(logged("diagnostic.found")).toHaveLength(51);
    expect(logged("diagnostic.found").at(-1)).toContain("TAG_UNKNOWN_KEY broken (b on node-1");
    expect(logged("diagnostic.untold")).toEqual([
      "diagnostic.untold: 4950 more diagnostics are neither logged nor in the status; correct those that are",
    ]);
  });

  test("of many services ends, too", () => {
    report(pass(Array.from({ length: 40 }, (_, position) => flood(`s${position}`, 60)).flat()));
    expect(logged("diagnostic.found")).toHaveLength(1_000);
    expect(log.events.at(-1)).toMatchObject({ event: "diagnostic.untold", data: { untold: 1_400 } });
  });

  test("is logged again when it has doubled, not whenever its number changes", () => {
    for (const count of [60, 61, 65, 70, 71, 50, 51]) report(pass(flood("a-flood", count)));
    expect(logged("diagnostic.untold").map((line) => /\d+/.exec(line)?.[0])).toEqual(["10", "20", "1"]);
  });
});
