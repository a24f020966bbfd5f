import { type Health, UNCHECKED } from "../catalog/health.ts";
import { localServiceKey, type ServiceInstance, serviceKey } from "../catalog/snapshot.ts";
import { diagnose } from "../diagnostics/finding.ts";
import { memoize } from "../incremental/memoize.ts";
import type { CoreSettings } from "../settings.ts";
import { translateInstance } from "./instance.ts";
import type { Translated } from "./instance-state.ts";

/**
 * With `backends.failOpen`, a service of which no instance serves is served by those that are merely unhealthy: when all
 * of them fail at once, it is often the check that fails. An instance that an operator has taken out is no failure: one in maintenance or
 * kept out by `backends.requireCheck` stays out.
 */
export function failOpen(translated: readonly Translated[], settings: CoreSettings): readonly Translated[] {
  if (!settings.backends.failOpen) return translated;
  // A service of two catalogs that are merged is served as long as one of them has a healthy instance.
  const keyOf = settings.equalNames === "prefix" ? serviceKey : localServiceKey;
  const served = new Set<string>();
  for (const { instance, state } of translated) {
    if (state.kind === "routed") served.add(keyOf(instance));
  }
  const open = opener(settings);
  return translated.map((one) => (served.has(keyOf(one.instance)) ? one : open(one)));
}

/** What an instance would be if its health did not matter; memoized, so that an unchanged one stays the same object. */
const opener = memoize((settings: CoreSettings) => {
  const lenient: CoreSettings = { ...settings, traefik: { ...settings.traefik, strictChecks: ["any"] } };
  return memoize((one: Translated): Translated => {
    const { instance, state } = one;
    if (state.kind !== "unhealthy" || !mayServe(one.instance, state.health)) return one;
    const opened = translateInstance(instance, lenient).state;
    if (opened.kind !== "routed") return { instance, state: opened };
    const note = diagnose(instance, {
      code: "SERVED_UNHEALTHY",
      message: `no instance of service ${JSON.stringify(instance.service)} is healthy, and this one serves although it is ${state.health.status || "of unknown health"}`,
      remedy: "mend the service or its checks; with backends.failOpen: false it would answer 503",
    });
    return {
      instance,
      state: { ...opened, despite: state.health, diagnostics: [...opened.diagnostics, note] },
    };
  });
});

function mayServe({ allocation }: ServiceInstance, health: Health): boolean {
  if (allocation?.kind === "of-job") {
    if (allocation.isStopped) return false;
    if (allocation.health !== undefined) return health.status === "critical" && allocation.health.wasHealthy === true;
  }
  return health.status !== "maintenance" && health !== UNCHECKED;
}
