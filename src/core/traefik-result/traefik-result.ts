import type { ResourceKey } from "../traefik/chart/dynamic-config.ts";
import type { RunningTraefik } from "./running-traefik.ts";
import type { TraefikStatus } from "./traefik-resource.ts";

/** What is wrong with what Traefik made of a router, service or middleware of the chart. */
export type TraefikFlaw =
  /** It has taken it, and disabled it or part of it, for the reasons that it names: short printable lines. */
  | {
      readonly kind: "refused";
      readonly status: Exclude<TraefikStatus, "enabled">;
      readonly errors: readonly string[];
    }
  /** It has none of that name from its file provider. */
  | { readonly kind: "missing" }
  /** It has another one of that name: an earlier version, or that of another file. `field` is the first that differs, such as `loadBalancer.servers`. */
  | { readonly kind: "different"; readonly field: string };

/** What became of the chart as a whole: Traefik takes its file as a whole or not at all. */
export type ChartTaking =
  | { readonly kind: "taken" }
  /** It was published moments ago, and Traefik has time to load it. */
  | { readonly kind: "waiting" }
  /** It has had that time, and has what an earlier chart said; since when the news is published, in milliseconds since the epoch. */
  | { readonly kind: "behind"; readonly sinceMs: number }
  /** It has had that time, and has nothing of it. */
  | { readonly kind: "nothing"; readonly sinceMs: number };

/** Traefik has had its time, and visitors do not get what the chart says. */
export function isUntaken(taking: ChartTaking): taking is Extract<ChartTaking, { readonly sinceMs: number }> {
  return taking.kind === "behind" || taking.kind === "nothing";
}

/** What a running Traefik made of a chart, as its API told it. It makes diagnostics, and never decides the chart. */
export interface TraefikResult {
  readonly traefik: RunningTraefik;
  /** When it was read. */
  readonly readAtMs: number;
  readonly taking: ChartTaking;
  /** By what is charted; what is not here Traefik has as it is charted, and has enabled, as far as it has been looked at. */
  readonly flaws: ReadonlyMap<ResourceKey, TraefikFlaw>;
}

/** What is known of what Traefik made of the chart. */
export interface TraefikReading {
  /** The last result; it may be older than the trouble with the API. */
  readonly result: TraefikResult | undefined;
  /** Why the API cannot be read at the moment. */
  readonly unread: TraefikUnread | undefined;
  /** At the first look that finds a chart taken which was published meanwhile: the time since its publication. */
  readonly takenAfterMs?: number;
}

/** Why the API could not be read: a code, and one line with the remedy. */
export interface TraefikUnread {
  readonly code: string;
  readonly message: string;
  readonly sinceMs: number;
}
