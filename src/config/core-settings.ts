import type { CoreSettings } from "../core/settings.ts";
import type { Settings } from "./schema.ts";

/** The part of the settings that the core decides by, under the core's names. */
export function coreSettings({ compat, equalNames, traefik, ports, backends, routes, guard }: Settings): CoreSettings {
  return {
    compat,
    equalNames,
    traefik,
    ports,
    backends,
    routes: { zeroInstanceGraceMs: routes.zeroInstanceGrace },
    guard: {
      removalCount: guard.removalCount,
      removalShare: guard.removalShare,
      confirmAfterMs: guard.confirmAfter,
      resetHoldMs: guard.resetHold,
    },
  };
}
