import type { Oracle, Plain } from "../../support/oracle.ts";
import type { CatalogCase } from "../generators/catalogs.ts";
import type { World } from "../worlds/world.ts";
import { judgeCompat } from "./judge-compat.ts";
import { judgeDefault } from "./judge-default.ts";

/** What came of one case. */
export type Judgement =
  /** With the deviations and gaps of the default mode that it has shown, as coverage counts them. */
  | { readonly kind: "agreed"; readonly config: Plain; readonly shown: readonly string[] }
  /** Traefik's answer depends on the order of a list, or portolan does not start with such settings. */
  | { readonly kind: "undecided" | "refused"; readonly reason: string; readonly shown?: readonly string[] }
  | {
      readonly kind: "disagreed";
      readonly differences: readonly string[];
      readonly config: Plain;
      readonly text: string;
    };

/** Compares `compat: traefik` with Traefik's own provider, then the default mode with `compat: traefik`. */
export async function judge(candidate: CatalogCase, world: World, oracle: Oracle): Promise<Judgement> {
  world.fill(candidate);
  const instances = world.readInstances();
  const compat = await judgeCompat(candidate, instances, world, oracle);
  if (compat.kind !== "agreed" && compat.kind !== "undecided") return compat;
  const byDefault = await judgeDefault(candidate, instances, oracle);
  if (byDefault.kind !== "agreed") return byDefault;
  return { ...compat, shown: byDefault.shown };
}
