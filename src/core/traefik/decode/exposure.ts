import { foldCase } from "../../../go/fold-case.ts";
import { PRODUCT_RULES } from "../../catalog/product-rules.ts";
import type { Catalog } from "../../catalog/snapshot.ts";
import type { LabelProblem } from "../labels/label-problem.ts";
import { type Label, labelsOf } from "../labels/labels.ts";
import { schemaNode } from "../schema/lookup.ts";
import { bool, object, struct } from "../schema/schema.ts";
import { isConfigObject } from "../vocabulary/config-value.ts";
import { decodeWith } from "./decode.ts";

export type Exposure =
  /** `canary` gives the default service and router a name of their own. */
  | { readonly kind: "exposed"; readonly canary: boolean; readonly connect: boolean }
  | { readonly kind: "hidden" }
  | { readonly kind: "refused"; readonly problems: readonly LabelProblem[] };

const FILTERS = ["traefik.consulcatalog.", "traefik.enable"];

const SCHEMA = schemaNode(
  object({ enable: bool(), consulCatalog: struct({ connect: bool(), canary: bool() }) }),
  "3.7",
);

/**
 * Whether an instance (or, with the labels of all its instances, a service) wants routes. In Consul `enable…` and
 * `consulcatalog.…` are matched as prefixes without regard to case, so that `traefik.enabled=true` is an unknown field
 * rather than ignored. In Nomad two exact keys count, and any value but `true` means no.
 */
export function decodeExposure(
  catalog: Catalog,
  labels: ReadonlyMap<string, Label>,
  exposedByDefault: boolean,
): Exposure {
  if (PRODUCT_RULES[catalog].hasExactKeys) return readNomad(labels, exposedByDefault);
  const decoded = decodeWith(SCHEMA, labels, FILTERS);
  if (decoded.kind === "refused") return decoded;
  if (!(decoded.config["enable"] ?? exposedByDefault)) return { kind: "hidden" };
  const asked = decoded.config["consulCatalog"];
  const isAsked = (field: string) => isConfigObject(asked) && asked[field] === true;
  return { kind: "exposed", canary: isAsked("canary"), connect: isAsked("connect") };
}

function readNomad(labels: ReadonlyMap<string, Label>, exposedByDefault: boolean): Exposure {
  const says = (key: string) => labels.get(key) && foldCase(labels.get(key)?.value ?? "") === "true";
  if (!(says("traefik.enable") ?? exposedByDefault)) return { kind: "hidden" };
  return { kind: "exposed", canary: says("traefik.nomad.canary") ?? false, connect: false };
}

/**
 * Whether any instance may be exposed, or may have a problem to report, of a service whose tags are known as the union
 * over its instances only. May err by true, never by false: whatever makes an instance visible is in one of its tags,
 * and would do so alone.
 */
export function mayBeExposed(
  catalog: Catalog,
  unionTags: readonly string[],
  prefix: string,
  exposedByDefault: boolean,
): boolean {
  return (
    exposedByDefault ||
    unionTags.some((tag) => decodeExposure(catalog, labelsOf([tag], prefix, catalog), false).kind !== "hidden")
  );
}
