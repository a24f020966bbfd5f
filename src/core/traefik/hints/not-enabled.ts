import type { ServiceInstance } from "../../catalog/snapshot.ts";
import type { Finding } from "../../diagnostics/finding.ts";
import { shownPart } from "../labels/label-problem.ts";
import { keyMeant } from "./prefix.ts";

const OF_TRAEFIK = /^(?:enabled?\b|(?:http|tcp|udp)\.|frontend\.)/i;

/**
 * An instance that is not exposed and has tags which only make sense if it were. Not where a tag says `enable=false`: then
 * it is meant so.
 */
export function notEnabledHint(
  { tags, service }: Pick<ServiceInstance, "tags" | "service">,
  prefix: string,
): Finding | undefined {
  const meant = tags.find((tag) => isForTraefik(tag, prefix));
  if (meant === undefined || tags.some((tag) => isOff(tag, prefix))) return undefined;
  const key = shownPart(keyPart(meant));
  const wrong = tags.find((tag) => isMisspeltSwitch(keyPart(tag), prefix));
  const found = wrong === undefined ? "" : `; ${JSON.stringify(shownSwitch(wrong))} is not that tag`;
  return {
    code: "SERVICE_NOT_ENABLED",
    message: `service ${JSON.stringify(service)} has tags for Traefik, such as ${JSON.stringify(key)}, and none that says ${prefix}.enable=true${found}: it is not routed`,
    remedy: `add the tag ${prefix}.enable=true, or remove the others; ${prefix}.enable=false says that no route is wanted`,
  };
}

/** May err by true: whether any of a service's tags, of all its instances together, makes a hint likely. */
export function mayNeedHint(tags: readonly string[], prefix: string): boolean {
  return tags.some((tag) => isForTraefik(tag, prefix));
}

function isForTraefik(tag: string, prefix: string): boolean {
  if (tag.startsWith(`${prefix}.`)) return OF_TRAEFIK.test(tag.slice(prefix.length + 1));
  return keyMeant(keyPart(tag), prefix) !== undefined;
}

function isOff(tag: string, prefix: string): boolean {
  const [key = "", ...value] = tag.split("=");
  return (
    key.trim().toLowerCase() === `${prefix}.enable`.toLowerCase() && /^\s*(?:false|f|0)\s*$/i.test(value.join("="))
  );
}

function isMisspeltSwitch(key: string, prefix: string): boolean {
  const meant = keyMeant(key, prefix) ?? key;
  return /^enabled?$/i.test(meant.startsWith(`${prefix}.`) ? meant.slice(prefix.length + 1) : "");
}

/** With its value where that is one word: `traefik.enable=yes`. */
function shownSwitch(tag: string): string {
  return /[=:]\s*\w{0,10}\s*$/.test(tag) ? tag : shownPart(keyPart(tag));
}

/** What stands before the value, if anything does. */
function keyPart(tag: string): string {
  const equals = tag.indexOf("=");
  return equals < 0 ? (/^[^\s:]*/.exec(tag)?.[0] ?? "") : tag.slice(0, equals);
}
