import { nearest } from "../../base/nearest.ts";
import type { ServiceInstance } from "../catalog/snapshot.ts";
import type { DiagnosticCode } from "../diagnostics/diagnostics.ts";
import { memoize } from "../incremental/memoize.ts";
import type { CoreSettings } from "../settings.ts";
import { canonicalJson } from "../traefik/chart/canonical-json.ts";
import {
  type ConfigObject,
  type DynamicConfig,
  kindOf,
  type Section,
  splitKey,
} from "../traefik/chart/dynamic-config.ts";
import { meaningOf } from "../traefik/chart/meaning.ts";
import { referencesOf } from "../traefik/chart/references.ts";
import { referredKey } from "../traefik/chart/referred-key.ts";
import { decodeLabels } from "../traefik/decode/decode.ts";
import { labelsOf } from "../traefik/labels/labels.ts";
import type { Fragment } from "../translate/draft.ts";
import { decodeOwnTags } from "../translate/own-tags.ts";
import { translateInstance } from "./instance.ts";
import type { InstanceState, Translated } from "./instance-state.ts";

/** What may be wrong by a slip of the pen. Whatever else is wrong, a policy's refusal above all, counts at once. */
const SLIPS: ReadonlySet<DiagnosticCode> = new Set<DiagnosticCode>([
  ...(["TAG_UNPARSABLE", "TAG_UNKNOWN_KEY", "TAG_BAD_VALUE", "RULE_SYNTAX", "PRIORITY_OUT_OF_RANGE"] as const),
  ...(["VALUE_UNKNOWN", "VALUE_MISSING", "TYPE_MISSING", "TYPE_AMBIGUOUS", "HOSTSNI_WITHOUT_TLS"] as const),
]);

export function isSlip(code: DiagnosticCode): boolean {
  return SLIPS.has(code);
}

/**
 * What an instance that was refused for its tags asks for by all the others, and by a rule whose key is misspelt: whether that
 * is as wide as before is judged by `mayGoOn`. Undefined where another one that is wrong may have been meant to close a route, or says where the instance is reached, or where more than a slip is wrong.
 */
export const soundPart = memoize((settings: CoreSettings) =>
  memoize(({ instance, state }: Translated): Extract<InstanceState, { kind: "routed" }> | undefined => {
    if (state.kind !== "refused" || (settings.equalNames === "prefix" && instance.catalogName !== undefined)) return;
    const errors = state.diagnostics.filter(({ severity }) => severity === "error");
    if (errors.length === 0 || errors.some(({ code }) => !code.startsWith("TAG_") || !isSlip(code))) return;
    const wrong = instance.tags.filter((tag) => isWrong(tag, instance, settings));
    const right = instance.tags.filter((tag) => !wrong.includes(tag));
    const rules = wrong.flatMap((tag) => ruleMeant(tag, right, instance, settings) ?? []);
    const others = wrong.filter((tag) => ruleMeant(tag, right, instance, settings) === undefined);
    if (wrong.length === 0 || !others.every((tag) => isHarmless(tag, instance, settings))) return;
    const tags = [...right, ...rules];
    const sound = translateInstance({ ...instance, tags }, settings).state;
    return sound.kind === "routed" ? sound : undefined;
  }),
);

function isWrong(tag: string, { catalog }: ServiceInstance, { traefik }: CoreSettings): boolean {
  return (
    decodeLabels(labelsOf([tag], traefik.prefix, catalog), traefik.version).kind === "refused" ||
    decodeOwnTags([tag], catalog).kind === "refused"
  );
}

/** The rule that a router's tag with a misspelt key means, where no other tag says the router's rule. */
function ruleMeant(
  tag: string,
  right: readonly string[],
  { catalog }: ServiceInstance,
  { traefik }: CoreSettings,
): string | undefined {
  const keyOf = (one: string) => [...labelsOf([one], traefik.prefix, catalog).keys()][0]?.toLowerCase();
  const [, , kind, name = "", field = "", ...more] = keyOf(tag)?.split(".") ?? [];
  const fields = [...OPEN_FIELDS, ...CLOSING_FIELDS];
  if (kind !== "routers" || name === "" || more.length > 0 || nearest(field, fields) !== "rule") return undefined;
  const meant = tag.replace(/[^.=]*(?==)/, "rule");
  return right.some((one) => keyOf(one) === keyOf(meant)) ? undefined : meant;
}

const BACKEND = /server|port|url|scheme|address|weight/i;
const OPEN_FIELDS: readonly string[] = ["service", "priority", "ruleSyntax", "observability"];
const CLOSING_FIELDS: readonly string[] = ["rule", "entryPoints", "middlewares", "tls"];
/** A word that only an owner writes who means to let fewer visitors in, wherever it stands. */
const CLOSING = /auth|allow|white|deny|block|restrict|secur|cert|tls|limit|middle|entry|rule|ip/i;

/** A field of a service that says nothing of its server, or one of a router that closes nothing. */
function isHarmless(tag: string, { catalog }: ServiceInstance, { traefik }: CoreSettings): boolean {
  const [key = ""] = labelsOf([tag], traefik.prefix, catalog).keys();
  const [, protocol = "", kind = "", name = "", ...rest] = key.split(".");
  const field = rest[0] ?? "";
  if (!["http", "tcp", "udp"].includes(protocol.toLowerCase()) || name === "" || field === "") return false;
  if (kind.toLowerCase() === "services") return !rest.some((part) => BACKEND.test(part));
  if (kind.toLowerCase() !== "routers" || (!OPEN_FIELDS.includes(field) && CLOSING.test(rest.join(".")))) return false;
  return !CLOSING_FIELDS.includes(nearest(field, [...OPEN_FIELDS, ...CLOSING_FIELDS]) ?? "");
}

/**
 * Whether a router may go on as it was last defined while its new definition is wrong: that must not be an attempt to close
 * it. Middlewares, TLS and entry points must be as they were, and the rule no narrower.
 *
 * @param now what can be read of the new definition
 * @param own what its instance defines besides
 * @param published the chart with the last definition
 */
export function mayGoOn(
  section: Section,
  last: ConfigObject,
  now: ConfigObject,
  { config: own, leftOut }: Pick<Fragment, "config" | "leftOut">,
  published: DynamicConfig,
): boolean {
  const isAlike = ["middlewares", "tls", "entryPoints"].every(
    (field) => canonicalJson([last[field] ?? ""]) === canonicalJson([now[field] ?? ""]),
  );
  if (!isAlike || !isNoNarrower(String(now["rule"] ?? ""), String(last["rule"] ?? ""))) return false;
  return referencesOf(section, last).every((reference) => {
    const key = referredKey(section, reference);
    if (key === "") return true;
    if (leftOut.has(key)) return false;
    const target = splitKey(key);
    const defined = own[target.section].get(target.name);
    if (kindOf(target.section) === "services") return defined !== undefined;
    const before = published[target.section].get(target.name);
    return (
      defined === undefined ||
      (before !== undefined && meaningOf(target.section, before) === meaningOf(target.section, defined))
    );
  });
}

/** By its text, since it may be one that cannot be read: it has all names of the other, and no further condition. */
function isNoNarrower(rule: string, last: string): boolean {
  if (rule === last) return true;
  const names = [...last.matchAll(/[`"]([^`"]+)[`"]/g)].map(([, name = ""]) => name);
  const conditions = (text: string) => text.match(/&&|!|\band\b/gi)?.length ?? 0;
  const calls = (text: string) => text.match(/\(/g)?.length ?? 0;
  return (
    names.length > 0 &&
    names.every((name) => rule.includes(name)) &&
    conditions(rule) <= conditions(last) &&
    calls(rule) <= calls(last) &&
    rule.length <= last.length + 2
  );
}
