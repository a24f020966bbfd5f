import type { ServiceInstance } from "../catalog/snapshot.ts";
import type { Finding } from "../diagnostics/finding.ts";
import { isSameList } from "../incremental/same-list.ts";
import type { CoreSettings } from "../settings.ts";
import { type Decoded, decodeLabels } from "../traefik/decode/decode.ts";
import { decodeExposure, type Exposure } from "../traefik/decode/exposure.ts";
import type { tagHints } from "../traefik/hints/tag-hints.ts";
import { type Label, labelsOf } from "../traefik/labels/labels.ts";
import type { Sibling } from "../translate/like-sibling.ts";
import { type DecodedOwnTags, decodeOwnTags } from "../translate/own-tags.ts";

/** How tags are read; what the two modes do differently. */
export interface TagRules {
  /** Whether tags of portolan's own count. */
  readonly hasOwnTags: boolean;
  /** From which of an exposed instance's tags Traefik reads nothing. */
  readonly tagHints: typeof tagHints;
}

/** What tags say by themselves, whichever instance has them: the instances of a service mostly have the same ones, and share this. */
export interface SaidByTags {
  readonly labels: ReadonlyMap<string, Label>;
  readonly exposure: Exposure;
  /** Only of those that are exposed, hence by need. */
  asked(): AskedByTags;
  /** The instance with these tags that was built last, where nothing was wrong with it. */
  sibling: Sibling | undefined;
}

export interface AskedByTags {
  readonly hints: readonly Finding[];
  readonly decoded: Decoded;
  readonly own: DecodedOwnTags;
}

/** Reads the tags of one instance after the other; those of a service come in a row. */
export function createTagReader({ traefik }: CoreSettings, rules: TagRules): (instance: ServiceInstance) => SaidByTags {
  let latest: { readonly instance: ServiceInstance; readonly said: SaidByTags } | undefined;

  function read({ tags, catalog, service }: ServiceInstance): SaidByTags {
    const labels = labelsOf(tags, traefik.prefix, catalog);
    let asked: AskedByTags | undefined;
    return {
      labels,
      exposure: decodeExposure(catalog, labels, traefik.exposedByDefault),
      asked() {
        asked ??= {
          hints: rules.tagHints({ tags, service }, labels, traefik),
          decoded: decodeLabels(labels, traefik.version),
          own: decodeOwnTags(rules.hasOwnTags ? tags : [], catalog),
        };
        return asked;
      },
      sibling: undefined,
    };
  }

  return (instance) => {
    if (latest === undefined || !hasSameTags(latest.instance, instance)) latest = { instance, said: read(instance) };
    return latest.said;
  };
}

function hasSameTags(one: ServiceInstance, other: ServiceInstance): boolean {
  return one.service === other.service && one.catalog === other.catalog && isSameList(one.tags, other.tags);
}
