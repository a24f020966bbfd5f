import type { ServiceInstance } from "./catalog/snapshot.ts";
import type { HostIndex } from "./hosts/host-index.ts";
import type { MergeCache } from "./merge/merge.ts";
import type { CoreSettings } from "./settings.ts";
import type { DynamicConfig } from "./traefik/chart/dynamic-config.ts";
import type { RenderedChart } from "./traefik/chart/render.ts";

/** What a pass has worked out, for the next one to do again only what has changed. */
export interface PassCache {
  readonly settings: CoreSettings;
  readonly instances: readonly ServiceInstance[];
  readonly merge: MergeCache;
  /** What the catalog and the operator ask for, without what dangles. */
  readonly sound: DynamicConfig;
  readonly hostIndex: HostIndex | undefined;
  readonly rendered: RenderedChart;
}
