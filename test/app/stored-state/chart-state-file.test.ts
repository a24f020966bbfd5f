import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createChartStateFile } from "../../../src/app/stored-state/chart-state-file.ts";
import { createScratch } from "../../output/scratch.ts";

let scratch: ReturnType<typeof createScratch>;
let path: string;

beforeEach(() => {
  scratch = createScratch();
  path = join(scratch.dir, "state.json");
});

afterEach(() => scratch.remove());

test("owners, absences and what the operator defined are known after a restart", async () => {
  const kept = {
    owners: new Map([
      ["http/routers/web", { service: "web" }],
      ["http/routers/old", { service: "old", goneAtMs: 5 }],
    ] as const),
    leftAtMs: new Map([["http/routers/old", 6] as const]),
    released: new Set(["http/routers/old"] as const),
    operatorConfig: new Map([["http/routers/nas", "nas.yml"] as const]),
    hosts: new Map([["web.internal", "web"]]),
    sharingGroups: new Map([["old", new Set(["job:old"])]]),
    provenance: { settings: "settings of then", sources: new Map([["", "consul http://127.0.0.1:8500"]]) },
    holds: [{ kind: "settings-change", routers: ["http/routers/web"], sinceMs: 6 }] as const,
  };
  await createChartStateFile(path).save(kept, 7);
  expect(await createChartStateFile(path).load()).toEqual({ kind: "loaded", value: kept, writtenAtMs: 7 });
});

test("after a restart only those holds are known that a person ends", async () => {
  const nothing = { owners: new Map(), leftAtMs: new Map(), released: new Set<never>(), operatorConfig: new Map() };
  const kept = { ...nothing, hosts: new Map(), sharingGroups: new Map() };
  const mass = { kind: "mass-removal", routers: ["http/routers/web"], sinceMs: 6, endsAtMs: 9 } as const;
  await createChartStateFile(path).save({ ...kept, holds: [mass] }, 7);
  expect(await createChartStateFile(path).load()).toMatchObject({ kind: "loaded", value: { holds: [] } });
});
