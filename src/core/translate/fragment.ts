import {
  type ConfigObject,
  configFrom,
  protocolOf,
  SECTIONS,
  type Section,
  sectionsMade,
} from "../traefik/chart/dynamic-config.ts";
import { rewriteReferences } from "../traefik/chart/references.ts";
import { fillEmptyObjects, findEmptyObject } from "../traefik/decode/empty-object.ts";
import { lengthFlaw } from "../traefik/labels/map-key.ts";
import type { BuiltFragment, Draft, Fragment, Subject } from "./draft.ts";
import { completeHttp } from "./http-fragment.ts";
import { completeTcp } from "./tcp-fragment.ts";
import { completeUdp } from "./udp-fragment.ts";

/**
 * Completes what the tags of one instance said, in the order and by the rules of Traefik's catalog providers. An instance
 * that defines TCP or UDP and nothing of HTTP gets no default HTTP service; TCP middlewares alone do not count.
 */
export function buildFragment(subject: Subject, decoded: ConfigObject): BuiltFragment {
  const config = configFrom(decoded, (section) => (isInUse(decoded, section) ? new Map() : NOTHING));
  const byDefaultRule = new Set<string>();
  const draft: Draft = { ...subject, config, byDefaultRule, refusals: [], findings: [] };
  const { refusals, findings, rules } = draft;
  const isTcp = config["tcp/routers"].size + config["tcp/services"].size > 0;
  const isUdp = config["udp/routers"].size + config["udp/services"].size > 0;
  const isHttp =
    config["http/routers"].size + config["http/services"].size + config["http/middlewares"].size > 0 ||
    !(isTcp || isUdp);
  if (isTcp) completeTcp(draft);
  if (isUdp) completeUdp(draft);
  if (isHttp) completeHttp(draft);
  rules.judgeWhole(draft);
  refuseLongNames(draft);
  finish(draft);
  if (refusals.length > 0) return { kind: "refused", findings: refusals };
  return { kind: "built", fragment: slim({ config, byDefaultRule }), findings };
}

/**
 * Names in tags were measured with the tags; what is made of a service's name, or of a catalog's before it, is not. One of
 * them too long, and Traefik refuses the whole file.
 */
function refuseLongNames({ config, instance, settings, refusals }: Draft): void {
  const { catalogName } = instance;
  const before = settings.equalNames === "prefix" && catalogName !== undefined ? `${catalogName}_` : "";
  for (const section of SECTIONS) {
    for (const name of config[section].keys()) {
      const flaw = lengthFlaw(before + name);
      if (flaw === undefined) continue;
      refusals.push({
        code: "NAME_TOO_LONG",
        message: `the name of a router or service ${flaw}`,
        remedy: "rename the service, or give the router and the service shorter names in the tags",
      });
      return;
    }
  }
}

/** References are rewritten for the file provider; what a file cannot hold is refused, or written so that it can. */
function finish({ config, instance, settings, refusals, rules }: Draft): void {
  const provider = settings.equalNames === "prefix" && instance.catalogName !== undefined ? "" : "@file";
  for (const section of SECTIONS) {
    for (const [name, object] of config[section]) {
      const path = findEmptyObject(section, object);
      const empty = path === undefined ? undefined : rules.judgeEmptyObject(section, name, path);
      if (empty !== undefined) refusals.push(empty);
      config[section].set(
        name,
        rewriteReferences(section, path === undefined ? object : fillEmptyObjects(section, object), provider),
      );
    }
  }
}

/** Only the sections of protocols in use are ever written to: most instances speak HTTP alone. */
const NOTHING = new Map<string, ConfigObject>();
const NO_NAMES: ReadonlySet<string> = new Set();

/** There is one fragment for each instance, and an empty map takes as much as a small one: they share one. */
function slim({ config, byDefaultRule }: Fragment): Fragment {
  return {
    config: sectionsMade((section) => (config[section].size === 0 ? NOTHING : config[section])),
    byDefaultRule: byDefaultRule.size === 0 ? NO_NAMES : byDefaultRule,
  };
}

function isInUse(decoded: ConfigObject, section: Section): boolean {
  const protocol = protocolOf(section);
  return protocol === "http" || decoded[protocol] !== undefined;
}
