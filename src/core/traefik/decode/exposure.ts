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
  | Exposed
  /** `unset`: no tag says that it wants routes, and the settings expose none by default; `off`: a tag says that it wants none. */
  | { readonly kind: "hidden"; readonly why: "unset" | "off" }
  | { readonly kind: "refused"; readonly problems: readonly LabelProblem[] };

export interface Exposed {
  readonly kind: "exposed";
  /** Marked as a canary as Traefik's provider for this catalog reads it: default service and router get names of their own. */
  readonly canary: boolean;
  /** Marked as a canary as Traefik's provider for either catalog reads it. */
  readonly markedCanary: boolean;
  readonly connect: boolean;
}

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
  const { enable } = decoded.config;
  if (!(enable ?? exposedByDefault)) return { kind: "hidden", why: enable === undefined ? "unset" : "off" };
  const asked = decoded.config["consulCatalog"];
  const isAsked = (field: string) => isConfigObject(asked) && asked[field] === true;
  return exposed(isAsked("canary"), labels, isAsked("connect"));
}

/** Each product's mark, read as its provider reads it, counts in either catalog: a job may register in both. */
function exposed(canary: boolean, labels: ReadonlyMap<string, Label>, connect: boolean): Exposure {
  return { kind: "exposed", canary, markedCanary: canary || hasConsulMark(labels) || hasNomadMark(labels), connect };
}

function hasConsulMark(labels: ReadonlyMap<string, Label>): boolean {
  for (const [key, { value }] of labels) {
    if (key.length === CONSUL_MARK.length && foldCase(key) === foldCase(CONSUL_MARK)) return YES.test(value);
  }
  return false;
}

const CONSUL_MARK = "traefik.consulcatalog.canary";
const YES = /^(?:1|t|T|true|True|TRUE)$/;

function hasNomadMark(labels: ReadonlyMap<string, Label>): boolean {
  const mark = labels.get("traefik.nomad.canary");
  return mark !== undefined && foldCase(mark.value) === "true";
}

function readNomad(labels: ReadonlyMap<string, Label>, exposedByDefault: boolean): Exposure {
  const says = (key: string) => labels.get(key) && foldCase(labels.get(key)?.value ?? "") === "true";
  const isEnabled = says("traefik.enable");
  if (!(isEnabled ?? exposedByDefault)) return { kind: "hidden", why: isEnabled === undefined ? "unset" : "off" };
  return exposed(hasNomadMark(labels), labels, false);
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
