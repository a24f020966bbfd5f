import type { Catalog } from "../catalog/snapshot.ts";
import { decodeWith } from "../traefik/decode/decode.ts";
import { keyOf, type LabelProblem } from "../traefik/labels/label-problem.ts";
import { type Label, labelsOf } from "../traefik/labels/labels.ts";
import { schemaNode } from "../traefik/schema/lookup.ts";
import { bool, int, object, string } from "../traefik/schema/schema.ts";

/** What an instance's own tags say to portolan. Traefik knows nothing of them. */
export interface OwnTags {
  /** `portolan.weight`: the share of the traffic, beside that of the service's other servers. */
  readonly weight?: number;
  /** `portolan.address`: the name of the tagged address by which the instance is reached. */
  readonly address?: string;
  /** `portolan.standby`: the instance gets traffic only while no active one of its service does. */
  readonly standby?: true;
}

export type DecodedOwnTags =
  | { readonly kind: "decoded"; readonly tags: OwnTags }
  | { readonly kind: "refused"; readonly problems: readonly LabelProblem[] };

const PREFIX = "portolan";
const SCHEMA = schemaNode(object({ weight: int(), address: string(), standby: bool() }), "3.7");
const NOTHING: DecodedOwnTags = { kind: "decoded", tags: {} };

/** As much as a weight can be in Consul. */
const MAX_WEIGHT = 65_535;

/**
 * Reads the tags `portolan.KEY=VALUE` by the grammar of Traefik's: case does not matter in the key, an empty text counts
 * as unset, and a key that is not in the table refuses the instance with a guess at what was meant.
 */
export function decodeOwnTags(tags: readonly string[], catalog: Catalog): DecodedOwnTags {
  const own = tags.filter((tag) => tag.startsWith(`${PREFIX}.`));
  if (own.length === 0) return NOTHING;
  const labels = labelsOf(own, PREFIX, catalog);
  const decoded = decodeWith(SCHEMA, labels, ["traefik."]);
  if (decoded.kind === "refused") return decoded;
  const { weight, address = "", standby } = decoded.config;
  const label = [...labels.values()].find((one) => keyOf(one).toLowerCase() === `${PREFIX}.weight`);
  if (label !== undefined && !(Number(weight) >= 0 && Number(weight) <= MAX_WEIGHT)) {
    return { kind: "refused", problems: [badWeight(label)] };
  }
  return {
    kind: "decoded",
    tags: {
      ...(weight === undefined ? {} : { weight: Number(weight) }),
      ...(address === "" ? {} : { address: String(address) }),
      ...(standby === true && { standby }),
    },
  };
}

function badWeight({ tag, value }: Label): LabelProblem {
  return {
    code: "TAG_BAD_VALUE",
    tag,
    spot: { in: "value" },
    message: `key "portolan.weight" has ${JSON.stringify(value)}, allowed is a whole number from 0 to ${MAX_WEIGHT}`,
    remedy: "correct the value, or remove the tag",
  };
}
