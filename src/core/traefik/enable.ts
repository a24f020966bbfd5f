import { decodeWith } from "./decode.ts";
import { type ConfigObject, isConfigObject } from "./dynamic-config.ts";
import { foldCase } from "./fold-case.ts";
import { keyOf, type LabelProblem } from "./label-problem.ts";
import { type Label, labelsOf } from "./labels.ts";
import { parseBool } from "./scalars.ts";
import { schemaNode } from "./schema/lookup.ts";
import { bool, object, struct } from "./schema/schema.ts";

export type Exposure =
  | { readonly kind: "exposed" }
  | { readonly kind: "hidden" }
  | { readonly kind: "refused"; readonly problems: readonly LabelProblem[] };

const FILTERS = ["traefik.consulcatalog.", "traefik.enable"];

const SCHEMA = schemaNode(
  object({ enable: bool(), consulCatalog: struct({ connect: bool(), canary: bool() }) }),
  "3.7",
);

/**
 * Whether the instance wants routes, from its own labels. As in Traefik `enable…` and `consulcatalog.…` are matched as
 * prefixes without regard to case, so that `traefik.enabled=true` is an unknown field rather than nobody's business.
 * Connect and canaries are refused, but only for what would be exposed.
 */
export function decodeEnable(labels: ReadonlyMap<string, Label>, exposedByDefault: boolean): Exposure {
  const decoded = decodeWith(SCHEMA, labels, FILTERS);
  if (decoded.kind === "refused") return decoded;
  if (!(decoded.config["enable"] ?? exposedByDefault)) return { kind: "hidden" };
  const problems = unsupported(decoded.config, labels);
  return problems.length === 0 ? { kind: "exposed" } : { kind: "refused", problems };
}

/**
 * Whether any instance may be exposed, or may have a problem to tell, of a service whose tags are known as the union
 * over its instances only. May err by true, never by false: whatever makes an instance visible is in one of its tags,
 * and would do so alone.
 */
export function mayBeExposed(unionTags: readonly string[], prefix: string, exposedByDefault: boolean): boolean {
  return exposedByDefault || unionTags.some((tag) => decodeEnable(labelsOf([tag], prefix), false).kind !== "hidden");
}

function unsupported(config: ConfigObject, labels: ReadonlyMap<string, Label>): readonly LabelProblem[] {
  const asked = config["consulCatalog"];
  if (!isConfigObject(asked)) return [];
  const problems: LabelProblem[] = [];
  for (const [key, label] of labels) {
    const [, field] = foldCase(key).split("traefik.consulcatalog.");
    if (field !== undefined && asked[field] === true && parseBool(label.value) === true) {
      problems.push({
        code: "TAG_UNSUPPORTED",
        tag: label.tag,
        message: `key ${JSON.stringify(keyOf(label))} asks for ${field}, which will be translated by a later version`,
        remedy: "remove the tag, or route this service by traefik's own provider",
      });
    }
  }
  return problems;
}
