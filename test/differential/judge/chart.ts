import { settingsSchema } from "../../../src/config/files/schema.ts";
import { coreSettings } from "../../../src/config/resolve/core-settings.ts";
import type { ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import type { Decision } from "../../../src/core/decision.ts";
import { initialMemory } from "../../../src/core/memory.ts";
import { reconcile } from "../../../src/core/reconcile.ts";
import type { CoreSettings } from "../../../src/core/settings.ts";
import type { TraefikVersion } from "../../../src/core/traefik/chart/dynamic-config.ts";
import type { ProviderOptions } from "../../support/oracle.ts";

/** Settings beside Traefik's own. */
export interface Meaning {
  readonly compat: CoreSettings["compat"];
  readonly version?: TraefikVersion;
  /** Ports that may be routed: `FIRST-LAST`. */
  readonly dynamicPorts?: string;
}

/** The first chart that portolan publishes, or why there is none. */
export type Chart =
  | { readonly kind: "drawn"; readonly decision: Decision; readonly settings: CoreSettings }
  /** It does not start with such settings. */
  | { readonly kind: "refused"; readonly reason: string }
  /** A bug. */
  | { readonly kind: "failed"; readonly message: string };

/** What portolan makes of these instances. */
export function drawChart(
  instances: readonly ServiceInstance[],
  options: ProviderOptions,
  { compat, version, dynamicPorts }: Meaning,
): Chart {
  const content = {
    compat,
    traefik: { ...options, ...(version === undefined ? {} : { version }) },
    ...(dynamicPorts === undefined ? {} : { ports: { dynamic: dynamicPorts } }),
    output: { file: "x.yml" },
    stateDir: ".",
  };
  const parsed = settingsSchema.safeParse(content);
  if (!parsed.success) return { kind: "refused", reason: parsed.error.issues.map(({ message }) => message).join("; ") };
  const settings = coreSettings(parsed.data);
  try {
    return { kind: "drawn", decision: decide(instances, settings), settings };
  } catch (error) {
    return { kind: "failed", message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

function decide(instances: readonly ServiceInstance[], settings: CoreSettings): Decision {
  return reconcile({
    snapshots: [{ source: "differential", instances, freshness: "live", readAtMs: 0 }],
    previous: initialMemory(undefined),
    settings,
    nowMs: 0,
  });
}
