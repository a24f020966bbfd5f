import type { Memory } from "../memory.ts";
import { routersOf } from "../traefik/chart/dynamic-config.ts";
import { claimantOf } from "./claimant.ts";

/** Who has which host by a memory: what the state tells, and what follows from its chart. */
export function publishedHosts({
  chart,
  owners,
  hosts,
}: Pick<Memory, "chart" | "owners" | "hosts">): ReadonlyMap<string, string> {
  const all = new Map<string, string>();
  for (const { key, section, name, router: object } of chart === undefined ? [] : routersOf(chart)) {
    const service = owners.get(key)?.service;
    if (service === undefined) continue;
    const asking = {
      key,
      section,
      name,
      object,
      service,
      instances: [],
      sharingGroup: new Set<string>(),
      createIndex: 0,
    };
    for (const host of claimantOf({ ...asking, kind: "service" }).hosts) all.set(host, service);
  }
  return new Map([...all, ...hosts]);
}
