import type { Catalog } from "../catalog/snapshot.ts";
import { type ConfigValue, isConfigObject } from "../traefik/chart/dynamic-config.ts";
import { decodeWith } from "../traefik/decode/decode.ts";
import { keyOf, type LabelProblem } from "../traefik/labels/label-problem.ts";
import { type Label, labelsOf } from "../traefik/labels/labels.ts";
import { schemaNode } from "../traefik/schema/lookup.ts";
import { bool, int, map, object, string } from "../traefik/schema/schema.ts";

/** What an instance's own tags say to portolan. Traefik knows nothing of them. */
export interface OwnTags {
  /** `portolan.weight`: the share of the traffic, beside that of the service's other servers. */
  readonly weight?: number;
  /** `portolan.address`: the name of the tagged address by which the instance is reached. */
  readonly address?: string;
  /** `portolan.standby`: the instance gets traffic only while no active one of its service does. */
  readonly standby?: true;
  /** `portolan.keep`: the service's routers outlast its last instance. */
  readonly keep?: true;
  /** `portolan.canary.weight`: the share of its service's requests that a canary gets, in percent. */
  readonly canaryPercent?: number;
  /** `portolan.defaultMiddlewares`: whether the operator's stand before the middlewares of its routers, as they do by default. */
  readonly defaultMiddlewares?: boolean;
  /** `portolan.http.routers.NAME.defaultMiddlewares`: the same for one router, by its name in tags. */
  readonly defaultMiddlewaresOf?: ReadonlyMap<string, boolean>;
}

export type DecodedOwnTags =
  | { readonly kind: "decoded"; readonly tags: OwnTags }
  | { readonly kind: "refused"; readonly problems: readonly LabelProblem[] };

const PREFIX = "portolan";

/** `portolan.metrics`: core/targets/ reads it. Here it is known, so that a misspelt key is told what was meant. */
export const METRICS_FIELD = object({ port: int(), path: string(), scheme: string() }, { emptyOk: true });

const SCHEMA = schemaNode(
  object({
    weight: int(),
    address: string(),
    standby: bool(),
    keep: bool(),
    canary: object({ weight: int() }),
    defaultMiddlewares: bool(),
    metrics: METRICS_FIELD,
    http: object({ routers: map(object({ defaultMiddlewares: bool() })) }),
  }),
  "3.7",
);
const NOTHING: DecodedOwnTags = { kind: "decoded", tags: {} };

/** Is the tag one of those that say where metrics are? What is wrong with them costs no route. */
export function isOfMetrics(tag: string): boolean {
  return METRICS_TAG.test(tag);
}

const METRICS_TAG = /^portolan\.metrics(?:[.=\s]|$)/i;

/** As much as a weight can be in Consul. */
const MAX_WEIGHT = 65_535;
const MAX_PERCENT = 100;

/**
 * Reads the tags `portolan.KEY=VALUE` by the grammar of Traefik's: case does not matter in the key, an empty text counts
 * as unset, and a key that is not in the table refuses the instance with a guess at what was meant.
 */
export function decodeOwnTags(tags: readonly string[], catalog: Catalog): DecodedOwnTags {
  const own = tags.filter((tag) => tag.startsWith(`${PREFIX}.`) && !isOfMetrics(tag));
  if (own.length === 0) return NOTHING;
  const labels = labelsOf(own, PREFIX, catalog);
  const decoded = decodeWith(SCHEMA, labels, ["traefik."]);
  if (decoded.kind === "refused") return decoded;
  const { weight, address = "", standby, keep, canary, defaultMiddlewares, http } = decoded.config;
  const canaryPercent = isConfigObject(canary) ? canary["weight"] : undefined;
  const problems = [
    badNumber(labels, "weight", weight, MAX_WEIGHT),
    badNumber(labels, "canary.weight", canaryPercent, MAX_PERCENT),
  ].filter((problem) => problem !== undefined);
  if (problems.length > 0) return { kind: "refused", problems };
  return {
    kind: "decoded",
    tags: {
      ...(weight === undefined ? {} : { weight: Number(weight) }),
      ...(address === "" ? {} : { address: String(address) }),
      ...(standby === true && { standby }),
      ...(keep === true && { keep }),
      ...(canaryPercent === undefined ? {} : { canaryPercent: Number(canaryPercent) }),
      ...(typeof defaultMiddlewares === "boolean" && { defaultMiddlewares }),
      ...(http === undefined ? {} : { defaultMiddlewaresOf: ofRouters(http) }),
    },
  };
}

function ofRouters(http: ConfigValue): ReadonlyMap<string, boolean> {
  const routers = isConfigObject(http) ? http["routers"] : undefined;
  if (!isConfigObject(routers)) return new Map();
  return new Map(
    Object.entries(routers).flatMap(([name, router]) => {
      const told = isConfigObject(router) ? router["defaultMiddlewares"] : undefined;
      return typeof told === "boolean" ? [[name, told] as const] : [];
    }),
  );
}

/** What is wrong with the number of a tag that is there, and may be left without a value; undefined where nothing is. */
function badNumber(
  labels: ReadonlyMap<string, Label>,
  key: string,
  value: ConfigValue | undefined,
  most: number,
): LabelProblem | undefined {
  const label = [...labels.values()].find((one) => keyOf(one).toLowerCase() === `${PREFIX}.${key}`);
  if (label === undefined || (Number(value) >= 0 && Number(value) <= most)) return undefined;
  return {
    code: "TAG_BAD_VALUE",
    tag: label.tag,
    spot: { in: "value" },
    message: `key "${PREFIX}.${key}" has ${JSON.stringify(label.value)}, allowed is a whole number from 0 to ${most}`,
    remedy: "correct the value, or remove the tag",
  };
}
