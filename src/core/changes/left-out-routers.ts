import type { Diagnostic, DiagnosticCode } from "../diagnostics/diagnostics.ts";
import type { TranslatedServices } from "../instances/instance-state.ts";
import type { ResourceKey } from "../traefik/chart/dynamic-config.ts";

/** By a router's key: the services that ask for it and do not get it, each with the diagnostic that says why. */
export type LeftOutRouters = ReadonlyMap<
  string,
  readonly { readonly service: string; readonly code: DiagnosticCode }[]
>;

/** What the diagnostics of a pass left out, once all instances were translated. */
export function leftOutRouters(diagnostics: readonly Diagnostic[]): LeftOutRouters {
  const leftOut = new Map<string, { readonly service: string; readonly code: DiagnosticCode }[]>();
  for (const { leavesOut, code } of diagnostics) {
    if (leavesOut === undefined || !leavesOut.name.includes("/routers/")) continue;
    const known = leftOut.get(leavesOut.name);
    const one = { service: leavesOut.service, code };
    if (known === undefined) leftOut.set(leavesOut.name, [one]);
    else known.push(one);
  }
  return leftOut.size === 0 ? NONE : leftOut;
}

const NONE: LeftOutRouters = new Map();

/**
 * Why a router that a service, by its key, asks for was left out; undefined where it was not. Where an instance's own tags
 * are to blame, its translation says so.
 */
export function whyLeftOut(
  { services, leftOut }: { readonly services: TranslatedServices; readonly leftOut: LeftOutRouters },
  router: ResourceKey,
  service: string | undefined,
): DiagnosticCode | undefined {
  for (const { state } of services.get(service ?? "") ?? []) {
    const own = state.kind === "routed" ? state.fragment.leftOut.get(router) : undefined;
    if (own !== undefined) return own.cause.code;
  }
  return leftOut.get(router)?.find((one) => service === undefined || one.service === service)?.code;
}
