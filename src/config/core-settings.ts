import type { CoreSettings } from "../core/settings.ts";
import type { Settings } from "./schema.ts";

/** The part of the settings that the core decides by, under the core's names. */
export function coreSettings({
  compat,
  equalNames,
  traefik,
  ports,
  backends,
  routes,
  claims,
  guard,
  loadedPolicy,
}: Settings): CoreSettings {
  return {
    compat,
    equalNames,
    traefik,
    ports,
    backends,
    routes: { zeroInstanceGraceMs: routes.zeroInstanceGrace },
    claims: { keptMs: claims.keep },
    ...(loadedPolicy === undefined ? {} : { policy: loadedPolicy }),
    guard: {
      removalCount: guard.removalCount,
      removalShare: guard.removalShare,
      confirmAfterMs: guard.confirmAfter,
      resetHoldMs: guard.resetHold,
    },
  };
}
