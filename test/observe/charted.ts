import type { Decision } from "../../src/core/decision.ts";
import { type ChartedPass, chartedPass } from "../../src/observe/charted-pass.ts";
import type { PassReport } from "../../src/observe/observer.ts";
import { instance, NOW_MS, snapshot } from "../builders/world.ts";

/** An instance with a tag that no field of Traefik has. */
export const BROKEN = instance({
  service: "broken",
  id: "b",
  tags: ["traefik.enable=true", "traefik.http.routers.b.rul=x"],
});

/** That many instances of one service, each with the same mistake. */
export function flood(service: string, count: number) {
  return Array.from({ length: count }, (_, position) => ({ ...BROKEN, service, id: `${service}-${position}` }));
}

export const CLOCK = { nowMs: () => NOW_MS };

/** A pass that came to this decision, and wrote the file unless another outcome is given. */
export function charted(decision: Decision, overrides: Partial<PassReport> = {}): ChartedPass {
  return chartedPass({
    decision,
    snapshots: [snapshot([])],
    published: { didWrite: true },
    lagMs: 12,
    ...overrides,
  });
}

export const UNWRITTEN: Partial<PassReport> = { published: { didWrite: false } };
