import type { TraefikVersion } from "../vocabulary/traefik-version.ts";

/** What the operator says about the tags that count, and about the Traefik that reads the chart. */
export interface HintSettings {
  readonly prefix: string;
  readonly version: TraefikVersion;
}
