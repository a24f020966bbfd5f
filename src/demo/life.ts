import { systemClock } from "../base/clock.ts";
import { answersEmpty, type Catalog, type CatalogServer } from "../simulator/simulator.ts";
import * as homelab from "./homelab.ts";

/** One event in the homelab, announced before it happens. */
export interface Scene {
  readonly tell: string;
  /** How long to look at it, in milliseconds. */
  readonly lookMs: number;
  act(): Promise<void> | void;
}

/** Deploys and failures, in the order in which they are played over and over. Each round leaves the homelab as it found it. */
export function life(catalog: Catalog, server: CatalogServer): readonly Scene[] {
  const { deregister, register, setStatus } = homelab;
  return [
    {
      tell: "windmill is deployed anew: a second instance comes up on node-2, on a port that was not planned",
      lookMs: 3_000,
      act: () => register(catalog, homelab.WINDMILL_NEXT),
    },
    {
      tell: "… and the old instance goes: the route follows, no request is lost",
      lookMs: 3_000,
      act: () => deregister(catalog, homelab.WINDMILL),
    },
    {
      tell: "weather's check turns critical, and it is the only instance: 503 from its own router, not 404",
      lookMs: 3_000,
      act: () => setStatus(catalog, homelab.WEATHER, "critical"),
    },
    { tell: "weather recovers", lookMs: 3_000, act: () => setStatus(catalog, homelab.WEATHER, "passing") },
    {
      tell: "the catalog goes away: every route stays",
      lookMs: 4_000,
      act: () => server.close(),
    },
    { tell: "the catalog is back", lookMs: 3_000, act: () => server.reopen() },
    {
      tell: "the catalog answers 200 with nothing in it, as one that lost its data or its token's policy: no route is lost",
      lookMs: 3_000,
      async act() {
        server.faults.set("/v1/catalog/services", answersEmpty());
        // Any change of any service ends the long poll that is under way; the next one's answer is the empty one.
        for (const tag of ["restarted", "restarted-again"]) {
          register(catalog, { ...homelab.ORDERS_HTTP, tags: [...homelab.ORDERS_HTTP.tags, tag] });
          await systemClock.sleep(400);
        }
      },
    },
    {
      tell: "the catalog is itself again",
      lookMs: 4_000,
      act() {
        server.faults.clear("/v1/catalog/services");
        // A long poll that began before would say at the next change, in the middle of another scene, that nothing is there.
        register(catalog, homelab.ORDERS_HTTP);
      },
    },
    {
      tell: "the wiki's owner asks `portolan explain wiki` and mends the tag: `ruel` becomes `rule`",
      lookMs: 3_000,
      act: () => register(catalog, homelab.WIKI_MENDED),
    },
    {
      tell: "windmill goes back to node-1, and the wiki's tag is broken again",
      lookMs: 5_000,
      act() {
        register(catalog, homelab.WINDMILL);
        deregister(catalog, homelab.WINDMILL_NEXT);
        register(catalog, homelab.WIKI_BROKEN);
      },
    },
  ];
}
