import type { Diagnostic } from "../../src/core/diagnostics/diagnostics.ts";
import type { ResourceKey } from "../../src/core/traefik/chart/dynamic-config.ts";
import type { ChartTaking, TraefikFlaw } from "../../src/core/traefik-result/traefik-result.ts";
import type { TraefikReport } from "../../src/observe/observer.ts";
import { NOW_MS } from "../builders/world.ts";
import { FAKE_TRAEFIK } from "../fakes/fake-traefik.ts";

/** A report of a Traefik that has the chart, other than stated. */
export function traefikReport(
  given: {
    readonly taking?: ChartTaking;
    readonly flaws?: Readonly<Record<ResourceKey, TraefikFlaw>>;
    readonly diagnostics?: readonly Diagnostic[];
    readonly unread?: TraefikReport["unread"];
  } = {},
): TraefikReport {
  const flaws = new Map(Object.entries(given.flaws ?? {})) as ReadonlyMap<ResourceKey, TraefikFlaw>;
  return {
    api: "http://127.0.0.1:8080",
    result: { traefik: FAKE_TRAEFIK, readAtMs: NOW_MS, taking: given.taking ?? { kind: "taken" }, flaws },
    unread: given.unread,
    diagnostics: given.diagnostics ?? [],
  };
}

export function diagnosticAbout(service: string): Diagnostic {
  return {
    code: "TRAEFIK_DISABLED",
    severity: "error",
    subject: { service, instance: `${service}-1`, node: "node-1" },
    message: `router "${service}": Traefik has disabled it`,
    remedy: "correct it",
  };
}

export const DISABLED: TraefikFlaw = { kind: "refused", status: "disabled", errors: ["no valid entryPoint"] };
