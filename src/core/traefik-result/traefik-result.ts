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
  /** It has another one of that name: an earlier version, or that of another file. `field` is the first that differs. */
  | { readonly kind: "different"; readonly field: string };

/** What a running Traefik made of a chart, as its API told it. It makes diagnostics, and never decides the chart. */
export interface TraefikResult {
  readonly traefik: RunningTraefik;
  /** When it was read. */
  readonly readAtMs: number;
  /** By what is charted; what is not here Traefik has as it is charted, and has enabled. */
  readonly flaws: ReadonlyMap<ResourceKey, TraefikFlaw>;
}
