import type { Finding } from "../diagnostics/finding.ts";
import {
  type ConfigObject,
  configFrom,
  protocolOf,
  resourceKey,
  type Section,
  sectionsInUse,
  sectionsMade,
} from "../traefik/chart/dynamic-config.ts";
import { renameReferences, rewriteReferences, targetOf } from "../traefik/chart/references.ts";
import { fillEmptyObjects, findEmptyObject } from "../traefik/decode/empty-object.ts";
import { lengthFlaw } from "../traefik/labels/map-key.ts";
import { type BuiltFragment, type Draft, type Fragment, refusePart, type Subject } from "./draft.ts";
import { completeHttp } from "./http-fragment.ts";
import { draftOfServices, type Sibling, withServicesOf } from "./like-sibling.ts";
import { completeTcp } from "./tcp-fragment.ts";
import { completeUdp } from "./udp-fragment.ts";

/**
 * Completes what the tags of one instance said, in the order and by the rules of Traefik's catalog providers. An instance
 * that defines TCP or UDP and nothing of HTTP gets no default HTTP service; TCP middlewares alone do not count.
 *
 * @param sibling an instance that was built of the same decoded tags: what does not depend on the instance is taken from it
 */
export function buildFragment(subject: Subject, decoded: ConfigObject, sibling?: Sibling): BuiltFragment {
  const fragment = sibling && builtLike(subject, decoded, sibling);
  return fragment === undefined ? build(subject, decoded) : { kind: "built", fragment, findings: [] };
}

/** What is the sibling's is so for this instance, too; undefined where anything is wrong with its own, and all is to be judged. */
function builtLike(subject: Subject, decoded: ConfigObject, sibling: Sibling): Fragment | undefined {
  const draft = draftOfServices(subject, decoded, sibling);
  if (draft === undefined) return undefined;
  judge(draft);
  return draft.leftOut.size + draft.findings.length > 0 ? undefined : withServicesOf(draft, sibling);
}

function judge(draft: Draft): void {
  draft.rules.judgeWhole(draft);
  refuseLongNames(draft);
  finish(draft);
}

function build(subject: Subject, decoded: ConfigObject): BuiltFragment {
  const config = configFrom(decoded, (section) => (isInUse(decoded, section) ? new Map() : NOTHING));
  const byDefaultRule = new Set<string>();
  const draft: Draft = { ...subject, config, byDefaultRule, leftOut: new Map(), findings: [] };
  const { leftOut, findings, rules } = draft;
  const isTcp = config["tcp/routers"].size + config["tcp/services"].size > 0;
  const isUdp = config["udp/routers"].size + config["udp/services"].size > 0;
  const isHttp =
    config["http/routers"].size + config["http/services"].size + config["http/middlewares"].size > 0 ||
    !(isTcp || isUdp);
  if (isTcp) completeTcp(draft);
  if (isUdp) completeUdp(draft);
  if (isHttp) completeHttp(draft);
  judge(draft);
  if (draft.defaultName !== draft.defaultNameInTags) followDefaultName(draft);
  if (leftOut.size > 0 && rules.refusalCosts === "instance") {
    return { kind: "refused", findings: [...new Set(Array.from(leftOut.values(), ({ cause }) => cause))] };
  }
  return { kind: "built", fragment: slim({ config, byDefaultRule, leftOut }), findings };
}

/** Tags that refer to the service which is made for them have its name without the namespace. */
function followDefaultName({ config, defaultName, defaultNameInTags }: Draft): void {
  for (const section of sectionsInUse(config)) {
    for (const [name, object] of config[section]) {
      const renamed = renameReferences(section, object, (reference) => {
        const target = reference.name === defaultNameInTags ? targetOf(section, reference) : undefined;
        const isMade = target !== undefined && config[target].has(defaultName) && !config[target].has(reference.name);
        return isMade ? defaultName : reference.name;
      });
      config[section].set(name, renamed);
    }
  }
}

/**
 * Names in tags were measured with the tags; what is made of a service's name, or of a catalog's before it, is not. One of
 * them too long, and Traefik refuses the whole file.
 */
function refuseLongNames(draft: Draft): void {
  const { config, instance, settings } = draft;
  const { catalogName } = instance;
  const before = settings.equalNames === "prefix" && catalogName !== undefined ? `${catalogName}_` : "";
  let cause: Finding | undefined;
  for (const section of sectionsInUse(config)) {
    for (const [name, object] of config[section]) {
      const flaw = lengthFlaw(before + name);
      if (flaw === undefined) continue;
      cause ??= {
        code: "NAME_TOO_LONG",
        message: `the name of a router or service ${flaw}`,
        remedy: "rename the service, or give the router and the service shorter names in the tags",
      };
      config[section].delete(name);
      refusePart(draft, resourceKey(section, name), { cause, object });
    }
  }
}

/** References are rewritten for the file provider; what a file cannot hold as it is, is written so that it can. */
function finish(draft: Draft): void {
  const { config, instance, settings, rules, findings } = draft;
  const provider = settings.equalNames === "prefix" && instance.catalogName !== undefined ? "" : rules.ownProvider;
  for (const section of sectionsInUse(config)) {
    for (const [name, object] of config[section]) {
      const path = findEmptyObject(section, object);
      const hint = path === undefined ? undefined : rules.emptyObjectHint(section, name, path);
      if (hint !== undefined) findings.push(hint);
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
const NONE_LEFT_OUT: Fragment["leftOut"] = new Map();

/** There is one fragment for each instance, and an empty map takes as much as a small one: they share one. */
function slim({ config, byDefaultRule, leftOut }: Fragment): Fragment {
  return {
    config: sectionsMade((section) => (config[section].size === 0 ? NOTHING : config[section])),
    byDefaultRule: byDefaultRule.size === 0 ? NO_NAMES : byDefaultRule,
    leftOut: leftOut.size === 0 ? NONE_LEFT_OUT : leftOut,
  };
}

function isInUse(decoded: ConfigObject, section: Section): boolean {
  const protocol = protocolOf(section);
  return protocol === "http" || decoded[protocol] !== undefined;
}
