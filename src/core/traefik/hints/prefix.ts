import { nearest } from "../../../base/nearest.ts";
import type { Finding } from "../../diagnostics/finding.ts";
import { nameInText } from "../../diagnostics/name-in-text.ts";
import { shownPart } from "../labels/label-problem.ts";

/** What stands behind the prefix of a tag that is meant for Traefik. */
const OF_TRAEFIK = /^(?:enable$|(?:http|tcp|udp)\.)/i;

/**
 * A tag whose prefix is misspelt, or spelt in another case, is no setting. Another Traefik's prefix (`traefik-internal`,
 * `traefik2`) begins with the prefix, and is left alone.
 */
export function prefixHint(tag: string, prefix: string): Finding | undefined {
  const equals = tag.indexOf("=");
  const key = equals < 0 ? tag : tag.slice(0, equals);
  const meant = keyMeant(key, prefix);
  if (meant === undefined) return undefined;
  const shown = shownPart(key);
  return {
    code: "TAG_IGNORED",
    message: `tag ${JSON.stringify(shown)} does not start with ${JSON.stringify(`${prefix}.`)}, in exactly these letters, so that Traefik takes it for no setting`,
    remedy: `write ${nameInText(shownPart(meant))} instead of ${nameInText(shown)}`,
    tag: equals < 0 ? shown : `${shown}=***`,
  };
}

/** The key with the right prefix, where another one was probably meant for it. */
export function keyMeant(key: string, prefix: string): string | undefined {
  if (key.startsWith(prefix) || key.startsWith("portolan.")) return undefined;
  const parts = key.split(".");
  const size = prefix.split(".").length;
  const head = parts.slice(0, size).join(".");
  const rest = parts.slice(size).join(".");
  if (!OF_TRAEFIK.test(rest) || head.toLowerCase().startsWith(`${prefix.toLowerCase()}-`)) return undefined;
  return nearest(head, [prefix]) === undefined ? undefined : `${prefix}.${rest}`;
}
