import fc from "fast-check";
import { TAG_SETS, type TagSet, type TrueCatalog, type TrueInstance } from "./true-catalog.ts";

/** What happens between two passes. Instances are named by a number, so that a history can be made without looking. */
export type Happening =
  | { readonly kind: "register"; readonly service: number; readonly tags: TagSet; readonly isHealthy: boolean }
  | { readonly kind: "deregister" | "turn" | "move"; readonly which: number }
  | { readonly kind: "retag"; readonly which: number; readonly tags: TagSet }
  | { readonly kind: "blind"; readonly share: number }
  /** `mend`: the catalog shows all it has, and all of it is right and healthy. */
  | { readonly kind: "sighted" | "reset" | "release" | "other-settings" | "mend" }
  | { readonly kind: "wait"; readonly ms: number };

const SERVICES = ["app", "blog", "gate", "wiki"];

const tags = fc.constantFrom(...(Object.keys(TAG_SETS) as TagSet[]), "plain" as const, "plain" as const);
const which = fc.nat(11);

const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("register" as const),
      service: fc.nat(SERVICES.length - 1),
      tags,
      isHealthy: fc.boolean(),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom("deregister", "turn", "turn", "move"), which }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("retag" as const), which, tags }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("blind" as const), share: fc.integer({ min: 1, max: 3 }) }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("sighted", "sighted", "reset", "release", "other-settings").map((kind) => ({ kind })),
  },
  { weight: 2, arbitrary: fc.constantFrom(1_000, 40_000, 700_000).map((ms) => ({ kind: "wait" as const, ms })) },
);

export const anyHistory = fc.array(happening, { minLength: 5, maxLength: 40 });

/** The catalog after it. Each instance keeps its port until it moves; no port is used twice. */
export function after(catalog: TrueCatalog, happened: Happening, step: number): TrueCatalog {
  const { registered } = catalog;
  const next = { ...catalog, nowMs: catalog.nowMs + 1_000, confirmedAtMs: catalog.nowMs + 1_000 };
  const one = "which" in happened ? [...registered.values()][happened.which % Math.max(1, registered.size)] : undefined;
  switch (happened.kind) {
    case "register": {
      const service = SERVICES[happened.service] ?? "app";
      const { tags, isHealthy } = happened;
      return put(next, { id: `${service}-${step}`, service, port: 24_000 + step, tags, isHealthy, createIndex: step });
    }
    case "deregister":
      return one === undefined
        ? next
        : { ...next, registered: new Map([...registered].filter(([id]) => id !== one.id)) };
    case "turn":
      return one === undefined ? next : put(next, { ...one, isHealthy: !one.isHealthy });
    case "move":
      return one === undefined ? next : put(next, { ...one, port: 26_000 + step });
    case "retag":
      return one === undefined ? next : put(next, { ...one, tags: happened.tags });
    case "blind": {
      const ids = [...registered.keys()].filter((_, index) => index % 3 < happened.share);
      return { ...next, hiddenIds: new Set(ids) };
    }
    case "mend": {
      const sound = [...registered].map(([id, one]) => [id, { ...one, tags: "plain", isHealthy: true }] as const);
      return { ...next, hiddenIds: undefined, registered: new Map(sound) };
    }
    case "sighted":
      return { ...next, hiddenIds: undefined };
    case "reset":
      return { ...next, indexResetAtMs: next.nowMs };
    case "wait":
      return { ...next, nowMs: next.nowMs + happened.ms, confirmedAtMs: next.nowMs + happened.ms };
    case "release":
    case "other-settings":
      return next;
  }
}

function put(catalog: TrueCatalog, one: TrueInstance): TrueCatalog {
  return { ...catalog, registered: new Map([...catalog.registered, [one.id, one]]) };
}
