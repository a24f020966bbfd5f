import type { CoreSettings } from "../core/settings.ts";
import type { Settings } from "./schema.ts";

/** The part of the settings that the core decides by, under the core's names. */
export function coreSettings({ traefik, ports, routes, guard }: Settings): CoreSettings {
  return {
    traefik,
    ports,
    routes: { zeroInstanceGraceMs: routes.zeroInstanceGrace },
    guard: {
      removalCount: guard.removalCount,
      removalShare: guard.removalShare,
      confirmAfterMs: guard.confirmAfter,
      resetHoldMs: guard.resetHold,
    },
  };
}
