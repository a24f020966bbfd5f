import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createChartStateFile } from "../../../src/app/stored-state/chart-state-file.ts";
import { initialMemory, type KeptMemory } from "../../../src/core/memory.ts";
import { configObject } from "../../../src/core/traefik/chart/dynamic-config.ts";
import { createScratch } from "../../output/scratch.ts";

const SHOP = configObject([
  ["rule", "Host(`shop`)"],
  ["tls", configObject([["options", "modern"]])],
]);

let scratch: ReturnType<typeof createScratch>;
let path: string;

beforeEach(() => {
  scratch = createScratch();
  path = join(scratch.dir, "state.json");
});

afterEach(() => scratch.remove());

test("owners, absences and what the operator defined are known after a restart", async () => {
  const kept: KeptMemory = {
    owners: new Map([
      ["http/routers/web", { service: "web" }],
      ["http/routers/old", { service: "old", goneAtMs: 5, leftAtMs: 6 }],
    ] as const),
    definitions: { routers: new Map([["http/routers/slip", { service: "slip", sinceMs: 3, router: SHOP }] as const]) },
    references: { closed: new Map([["http/routers/shop", { service: "shop", sinceMs: 4, router: SHOP }] as const]) },
    hosts: {
      owners: new Map([["web.internal", "web"]]),
      sharingGroups: new Map([["old", new Set(["job:old"])]]),
    },
    removals: {
      leftAtMs: new Map([["http/routers/old", 6] as const]),
      sleepers: new Map([
        ["shop", { sinceMs: 3, node: "node-1", leftAtMs: 5 }],
        ["wiki", { sinceMs: 4, node: "node-2" }],
      ]),
      paged: new Set(["http/routers/shop"] as const),
      released: new Set(["http/routers/old"] as const),
      holds: [{ kind: "settings-change", routers: ["http/routers/web"], sinceMs: 6 }],
      heldPorts: new Map([
        ["10.0.0.9:24001", { holders: new Set(["web"]), nodes: new Map([["web", new Set(["node-9"])]]) }],
      ]),
      provenance: { settings: "settings of then", sources: new Map([["", "consul http://127.0.0.1:8500"]]) },
    },
    chart: {
      operatorNames: new Map([["http/routers/nas", "nas.yml"] as const]),
      defaultMiddlewares: { "*": ["auth@file"], web: [] },
    },
  };
  await createChartStateFile(path).save(kept, 7);
  expect(await createChartStateFile(path).load()).toEqual({ kind: "loaded", value: kept, writtenAtMs: 7 });
});

test("after a restart only those holds are known that a person ends, or has ended in part", async () => {
  const { removals, ...kept } = initialMemory(undefined);
  const mass = { kind: "mass-removal", routers: ["http/routers/web"], sinceMs: 6, endsAtMs: 9 } as const;
  await createChartStateFile(path).save({ ...kept, removals: { ...removals, holds: [mass] } }, 7);
  expect(await createChartStateFile(path).load()).toMatchObject({ kind: "loaded", value: { removals: { holds: [] } } });
  const left = { ...mass, catalogName: "dc1", isPartlyReleased: true } as const;
  await createChartStateFile(path).save({ ...kept, removals: { ...removals, holds: [left] } }, 8);
  expect(await createChartStateFile(path).load()).toMatchObject({
    value: { removals: { holds: [{ kind: "mass-removal", catalogName: "dc1", isPartlyReleased: true }] } },
  });
});
