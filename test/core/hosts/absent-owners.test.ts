import { describe, expect, test } from "vitest";
import { groupInstances } from "../../../src/core/catalog/grouped-instances.ts";
import { type AbsentOwnersInput, findAbsentOwners } from "../../../src/core/hosts/absent-owners.ts";
import type { Claimant } from "../../../src/core/hosts/claimant.ts";
import { translateServices } from "../../../src/core/instances/translated-services.ts";
import type { Owner } from "../../../src/core/merge/owner.ts";
import type { ResourceKey } from "../../../src/core/traefik/chart/dynamic-config.ts";
import { claimant, host, pastOf } from "../../builders/claimants.ts";
import { instance, NOW_MS, settings } from "../../builders/world.ts";

const KEPT_MS = 30_000;
const web = claimant("web", { rule: host("a.org") });
const NO_SERVICES: AbsentOwnersInput["services"] = new Map();

/** What belongs to `web`, whose router `web` was published with the host a.org, and which left some time ago. */
function absent(goneForMs: number | undefined, overrides: Partial<AbsentOwnersInput> = {}) {
  const goneAtMs = goneForMs === undefined ? undefined : NOW_MS - goneForMs;
  const owner: Owner = goneAtMs === undefined ? { service: "web" } : { service: "web", goneAtMs };
  return findAbsentOwners({
    owners: new Map<ResourceKey, Owner>([[web.key, owner]]),
    leftOut: new Map(),
    services: NO_SERVICES,
    previous: { chart: pastOf([web]).chart, holds: [], services: NO_SERVICES },
    carry: { owners: new Map(), sharingGroups: new Map() },
    keptMs: KEPT_MS,
    stopped: new Set(),
    nowMs: NOW_MS,
    ...overrides,
  });
}

function shown(found: ReturnType<typeof findAbsentOwners>): readonly string[] {
  return found.map(
    ({ claimant: { hosts }, isKept, isPublished }) =>
      `${isPublished ? "router" : "host"} ${hosts.join()} ${isKept ? "kept" : "over"}`,
  );
}

const chart = pastOf([web]).chart;
const routed = translateServices(groupInstances([instance({ tags: ["traefik.enable=true"] })]), settings());
const recorded = { owners: new Map([["b.org", "web"]]), sharingGroups: new Map() };

describe("what belongs to an absent owner", () => {
  test.each<[string, readonly string[], ReturnType<typeof absent>]>([
    ["it is not gone", [], absent(undefined)],
    ["its router is kept for 30 s", ["router a.org kept"], absent(KEPT_MS - 1)],
    ["after that it is over", ["router a.org over"], absent(KEPT_MS)],
    [
      "it was stopped as a whole: nothing is kept",
      ["router a.org over"],
      absent(1, { stopped: new Set(["web"]), carry: recorded }),
    ],
    [
      "a guard holds its router: it is kept as long",
      ["router a.org kept"],
      absent(KEPT_MS, { previous: { chart, holds: [{ routers: [web.key] }], services: NO_SERVICES } }),
    ],
    ["it is routed under another name: it has moved on", [], absent(1, { services: routed })],
    [
      "it is there, and its router lacks something: it is kept whatever the time",
      ["router a.org kept"],
      absent(undefined, { services: routed, leftOut: new Map([[web.key, { service: "web", router: web.object }]]) }),
    ],
    ["nothing was published", [], absent(1, { previous: { chart: undefined, holds: [], services: NO_SERVICES } })],
    ["another host is recorded as its own", ["router a.org kept", "host b.org kept"], absent(1, { carry: recorded })],
    ["a recorded host is free after 30 s", ["router a.org over"], absent(KEPT_MS, { carry: recorded })],
    [
      "the host that is recorded is the router's: it counts once",
      ["router a.org kept"],
      absent(1, { carry: { ...recorded, owners: new Map([["a.org", "web"]]) } }),
    ],
    [
      "a host that is recorded as another service's is not its own",
      ["router a.org kept"],
      absent(1, { carry: { ...recorded, owners: new Map([["b.org", "api"]]) } }),
    ],
  ])("%s", (_, expected, found) => {
    expect(shown(found)).toEqual(expected);
  });
});

describe("the sharing group of an absent owner", () => {
  const before = translateServices(groupInstances([instance({ job: "shop", checks: [] })]), settings());
  const groups = new Map([["web", new Set(["job /old"])]]);
  const groupOf = ([found]: readonly { readonly claimant: Claimant }[]) => [...found!.claimant.sharingGroup];
  test.each<[string, readonly string[], ReturnType<typeof absent>]>([
    [
      "is what its last instances were in",
      ["service web", "job /shop"],
      absent(1, { previous: { chart, holds: [], services: before } }),
    ],
    ["else what is recorded", ["job /old"], absent(1, { carry: { owners: new Map(), sharingGroups: groups } })],
    ["else what its key tells", ["service web"], absent(1)],
  ])("%s", (_, expected, found) => {
    expect(groupOf(found)).toEqual(expected);
  });
});
