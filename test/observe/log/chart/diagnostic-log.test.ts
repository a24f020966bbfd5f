import { beforeEach, describe, expect, test } from "vitest";
import type { CatalogSnapshot, ServiceInstance } from "../../../../src/core/catalog/snapshot.ts";
import type { Decision } from "../../../../src/core/decision.ts";
import { assembleOperatorConfig } from "../../../../src/core/operator-config/assemble.ts";
import { NO_OPERATOR_CONFIG } from "../../../../src/core/operator-config/operator-config.ts";
import { createDiagnosticLog, type DiagnosticLog } from "../../../../src/observe/log/chart/diagnostic-log.ts";
import { instance, NOW_MS, pass, snapshot } from "../../../builders/world.ts";
import { createRecordingLog, type RecordingLog } from "../../../fakes/recording-log.ts";
import { BROKEN, charted, flood } from "../../charted.ts";

let log: RecordingLog;
let diagnostics: DiagnosticLog;

beforeEach(() => {
  log = createRecordingLog();
  diagnostics = createDiagnosticLog(log);
});

function report(decision: Decision, ...snapshots: readonly CatalogSnapshot[]): void {
  diagnostics.report(charted(decision, snapshots.length === 0 ? {} : { snapshots }));
}

/** What is logged while the catalog goes through these states. */
function story(...states: readonly (readonly ServiceInstance[] | CatalogSnapshot)[]): readonly string[] {
  let previous = pass([]).memory;
  for (const state of states) {
    const shown = "instances" in state ? state : snapshot(state);
    const decision = pass([], { previous, snapshots: [shown] });
    previous = decision.memory;
    report(decision, shown);
  }
  return log.lines.filter((line) => line.startsWith("diagnostic.cleared"));
}

test("what is wrong with the operator's own file is logged by its name", () => {
  const { operatorConfig } = assembleOperatorConfig(
    {
      settings: { origin: "settings", config: NO_OPERATOR_CONFIG.config },
      files: [{ name: "a.yml", content: { http: 1 } }],
      lastGood: new Map(),
    },
    { version: "3.6", ruleSyntax: "v3", entryPoints: [], defaultEntryPoints: [] },
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
  const sound = snapshot([instance(), { ...BROKEN, tags: ["traefik.enable=true"] }]);
  const second = pass([], { previous: first.memory, snapshots: [sound] });
  report(second, sound);
  report(second, sound);
  expect(log.lines).toEqual([
    "diagnostic.cleared: TAG_UNKNOWN_KEY of traefik.http.routers.b.rul is settled for broken (b on node-1)",
  ]);
});

describe("settled is said only of what was looked at and is no longer so", () => {
  const tagged = (...tags: readonly string[]) => instance({ tags: ["traefik.enable=true", ...tags] });
  const PRIORITY = "traefik.http.routers.web.priority";
  const PASS_HOST = "traefik.http.services.web.loadbalancer.passhostheader";
  const bad = tagged(`${PRIORITY}=x`);
  const critical = [{ id: "c", name: "c", status: "critical" }];

  test("another value of the tag is wrong, too", () => {
    expect(story([bad], [tagged(`${PRIORITY}=y`)])).toEqual([]);
    expect(log.names).toEqual(["diagnostic.found", "diagnostic.found"]);
  });

  test("another tag is still wrong, so that the registration is refused as before", () => {
    expect(story([tagged(`${PRIORITY}=x`, `${PASS_HOST}=x`)], [bad])).toEqual([]);
  });

  test("and both, once both are right", () => {
    expect(story([tagged(`${PRIORITY}=x`, `${PASS_HOST}=x`)], [bad], [tagged()])).toEqual([
      `diagnostic.cleared: TAG_BAD_VALUE of ${PRIORITY} is settled for web (web-1 on node-1)`,
      `diagnostic.cleared: TAG_BAD_VALUE of ${PASS_HOST} is settled for web (web-1 on node-1)`,
    ]);
  });

  test("its instance is unhealthy, so that its tags do not count", () => {
    expect(story([bad], [{ ...bad, checks: critical }])).toEqual([]);
    expect(story([bad], [{ ...bad, checks: critical }], [bad])).toEqual([]);
    expect(log.names.filter((name) => name === "diagnostic.found")).toHaveLength(1);
  });

  test("its catalog does not show all it has", () => {
    const blind = { sinceMs: NOW_MS, reason: "filtered" };
    expect(story([bad], snapshot([], { blind }))).toEqual([]);
    expect(story([bad], snapshot([], { blind }), [bad])).toEqual([]);
  });

  test("its catalog has not been read", () => {
    expect(story([bad], snapshot([], { freshness: "unread" }))).toEqual([]);
  });

  test("its instance is gone: that is said, and not that it was corrected", () => {
    expect(story([bad], [])).toEqual([
      `diagnostic.cleared: TAG_BAD_VALUE of ${PRIORITY} is over: web (web-1 on node-1) is no longer in the catalog`,
    ]);
  });

  test("its router is left out for another thing now", () => {
    const app = (...tags: readonly string[]) =>
      instance({ service: "app", id: "app", port: 24002, tags: ["traefik.enable=true", ...tags] });
    const missing = "traefik.http.routers.app.middlewares=gate";
    const broken = "traefik.http.routers.app.rule=Hots(`a`)";
    expect(story([app(missing)], [app(missing, broken)])).toEqual([]);
  });

  test("a newer instance of the service is told of it now", () => {
    const app = (id: string, createIndex: number) =>
      instance({
        ...{ service: "app", id, createIndex, port: 24_000 + createIndex },
        tags: ["traefik.enable=true", "traefik.http.routers.app.middlewares=gate"],
      });
    expect(story([app("app-1", 11)], [app("app-1", 11), app("app-2", 12)])).toEqual([]);
  });

  test("others come before it in the list of those that are told", () => {
    const own = instance({ ...BROKEN, service: "z", id: "z-99" });
    const many = flood("z", 60);
    expect(story([own], [...many, own])).toEqual([]);
  });
});

test("an instance that Nomad registered is named with its allocation, as in the lines about routes", () => {
  const id = "_nomad-task-d5dee5cb-6d3e-5d0a-9b1c-0f3c2a1b4e5f-group-web-web-http";
  report(pass([{ ...BROKEN, id }]));
  expect(log.lines[0]).toContain(`broken (${id} on node-1 (id says alloc d5dee5cb), tag `);
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
