import type { CatalogSnapshot, ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import { instance, snapshot } from "../../builders/world.ts";

/** What an instance's tags say beside `traefik.enable=true`; each is a way of being right or wrong. */
export const TAG_SETS = {
  plain: ["traefik.enable=true"],
  ranked: ["traefik.enable=true", "traefik.http.routers.SERVICE.priority=7"],
  renamed: ["traefik.enable=true", "traefik.http.routers.other-SERVICE.rule=Host(`SERVICE`)"],
  brokenRule: ["traefik.enable=true", "traefik.http.routers.SERVICE.rule=Hots(`SERVICE`)"],
  noGate: ["traefik.enable=true", "traefik.http.routers.SERVICE.middlewares=gate"],
  badValue: ["traefik.enable=true", "traefik.http.routers.SERVICE.priority=x"],
  otherBadValue: ["traefik.enable=true", "traefik.http.routers.SERVICE.priority=y"],
  hidden: ["a=b"],
} as const;

export type TagSet = keyof typeof TAG_SETS;

/** An instance as it really is, whatever the catalog shows of it. */
export interface TrueInstance {
  readonly id: string;
  readonly service: string;
  readonly port: number;
  readonly tags: TagSet;
  readonly isHealthy: boolean;
  readonly createIndex: number;
}

/** The catalog as it really is, and what it shows. */
export interface TrueCatalog {
  readonly registered: ReadonlyMap<string, TrueInstance>;
  /** While the token has lost a right: these are not shown. */
  readonly hiddenIds: ReadonlySet<string> | undefined;
  readonly indexResetAtMs: number | undefined;
  readonly confirmedAtMs: number | undefined;
  readonly nowMs: number;
}

export function isShown({ hiddenIds }: TrueCatalog, id: string): boolean {
  return hiddenIds?.has(id) !== true;
}

export function tagsOf({ tags, service }: TrueInstance): readonly string[] {
  const own = TAG_SETS[tags].map((tag) => tag.replaceAll("SERVICE", service));
  return service === "gate" && tags !== "hidden" ? [...own, "traefik.http.middlewares.gate.compress=true"] : own;
}

/** What portolan gets to see. */
export function shownBy(catalog: TrueCatalog): CatalogSnapshot {
  const { registered, hiddenIds, indexResetAtMs, confirmedAtMs, nowMs } = catalog;
  const shown = [...registered.values()].filter(({ id }) => isShown(catalog, id)).map(asInstance);
  return snapshot(shown, {
    readAtMs: nowMs,
    ...(hiddenIds === undefined ? {} : { blind: { sinceMs: nowMs, reason: "filtered" } }),
    ...(indexResetAtMs === undefined ? {} : { indexResetAtMs }),
    ...(confirmedAtMs === undefined ? {} : { confirmedAtMs }),
  });
}

function asInstance(one: TrueInstance): ServiceInstance {
  const { id, service, port, isHealthy, createIndex } = one;
  const status = isHealthy ? "passing" : "critical";
  return instance({ id, service, port, tags: tagsOf(one), createIndex, checks: [{ id: "c", name: "c", status }] });
}
