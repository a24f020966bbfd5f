import type { ServiceInstance } from "../../catalog/snapshot.ts";
import type { CoreSettings } from "../../settings.ts";
import { fieldAt } from "../../traefik/hints/field-at.ts";
import { shownPart } from "../../traefik/labels/label-problem.ts";
import { labelsOf } from "../../traefik/labels/labels.ts";
import { maskedText } from "../../traefik/mask-secrets.ts";
import type { ExplainedTag } from "../answer.ts";

/** What portolan's own tags are for. */
const OWN: Readonly<Record<string, string>> = {
  weight: "the share of its service's requests",
  address: "the tagged address that it is reached by",
  standby: "it serves while no active instance of its service does",
  keep: "the routers of its service outlast its last instance",
  defaultmiddlewares: "whether the operator's middlewares stand before its own",
  "canary.weight": "the percentage of its service's requests that it gets as a canary",
};

/** The same for one router. */
const OF_ROUTER = /^http\.routers\.[^.]+\.defaultmiddlewares$/i;

/** What stands below the prefix and concerns the instance as a whole. */
const OF_INSTANCE: Readonly<Record<string, string>> = {
  enable: "asks for routes, or not",
  "consulcatalog.canary": "marks a canary, or not",
  "consulcatalog.connect": "asks for Consul Connect, or not",
  "nomad.canary": "marks a canary, or not",
};

const ON_PART = /^(http|tcp|udp)\.(router|service|middleware)s\.([^.]+)\.(.+)$/i;

/**
 * The tags that are for Traefik or portolan, each with what it is for, and how many others there are. A value is shown where its
 * field holds no secret; of what no field is known to have, the key alone.
 */
export function meaningsOf(
  { tags, catalog }: ServiceInstance,
  { traefik: { prefix, version } }: CoreSettings,
): { readonly tags: readonly ExplainedTag[]; readonly otherTags: number } {
  const explained = tags.flatMap((tag): readonly ExplainedTag[] => {
    if (tag.startsWith("portolan.")) return [ownTag(tag)];
    const [[key, label] = ["", undefined]] = labelsOf([tag], prefix, catalog);
    if (label === undefined) {
      return tag.startsWith(prefix) ? [{ tag: shownPart(tag), means: "nothing: it has no =" }] : [];
    }
    const path = key.slice("traefik.".length);
    const shownKey = shownPart(tag.slice(0, tag.indexOf("=")).trim());
    const ofInstance = own(OF_INSTANCE, path);
    if (ofInstance !== undefined) return [{ tag: `${shownKey}=${shownFlag(label.value)}`, means: ofInstance }];
    const field = fieldAt(path, version);
    if (field === undefined) return [{ tag: `${shownKey}=***`, means: "nothing that Traefik knows" }];
    const text = maskedText(field, path.split(".").at(-1) ?? "", label.value);
    return [{ tag: `${shownKey}=${text}`, means: partWords(path) }];
  });
  return { tags: explained, otherTags: tags.length - explained.length };
}

function ownTag(tag: string): ExplainedTag {
  const equals = tag.indexOf("=");
  const key = equals < 0 ? tag : tag.slice(0, equals);
  const path = key.slice("portolan.".length).trim();
  const means = own(OWN, OF_ROUTER.test(path) ? "defaultmiddlewares" : path);
  if (means === undefined) return { tag: `${shownPart(key)}=***`, means: "nothing that portolan knows" };
  return { tag: `${key}=${equals < 0 ? "" : shownFlag(tag.slice(equals + 1))}`, means };
}

/** A word, or the beginning of a longer text: what should be a switch may be anything. */
function shownFlag(value: string): string {
  return /^[\w.-]{0,20}$/.test(value.trim()) ? value.trim() : "***";
}

function partWords(path: string): string {
  const [, protocol = "", kind = "", name = "", field = ""] = ON_PART.exec(path) ?? [];
  if (name === "") return "a setting of Traefik's";
  const what =
    protocol.toLowerCase() === "http" ? kind.toLowerCase() : `${protocol.toLowerCase()} ${kind.toLowerCase()}`;
  return `the ${shownPart(field)} of ${what} ${shownPart(name)}`;
}

/** By a key that is compared without regard to case; a tag may call it `constructor`. */
function own(words: Readonly<Record<string, string>>, key: string): string | undefined {
  const lower = key.toLowerCase();
  return Object.hasOwn(words, lower) ? words[lower] : undefined;
}
