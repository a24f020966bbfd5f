import { foldCase } from "../../go/fold-case.ts";
import { DIAGNOSTIC_CODES } from "../diagnostics/diagnostics.ts";
import type { Finding } from "../diagnostics/finding.ts";
import {
  type ConfigObject,
  configFrom,
  protocolOf,
  resourceKey,
  SECTIONS,
  type Section,
  sectionsMade,
} from "../traefik/chart/dynamic-config.ts";
import { rewriteReferences } from "../traefik/chart/references.ts";
import { fillEmptyObjects, findEmptyObject } from "../traefik/decode/empty-object.ts";
import type { Label } from "../traefik/labels/labels.ts";
import { lengthFlaw } from "../traefik/labels/map-key.ts";
import { judgeSoundness } from "../traefik/lint/judge.ts";
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
  const { refusals, findings, settings } = draft;
  const isTcp = config["tcp/routers"].size + config["tcp/services"].size > 0;
  const isUdp = config["udp/routers"].size + config["udp/services"].size > 0;
  const isHttp =
    config["http/routers"].size + config["http/services"].size + config["http/middlewares"].size > 0 ||
    !(isTcp || isUdp);
  if (isTcp) completeTcp(draft);
  if (isUdp) completeUdp(draft);
  if (isHttp) completeHttp(draft);
  if (settings.compat === "none") {
    dropUnsound(draft);
    refuseEmptyName(draft);
  }
  refuseLongNames(draft);
  finish(draft);
  if (refusals.length > 0) return { kind: "refused", findings: refusals };
  return { kind: "built", fragment: slim({ config, byDefaultRule }), findings };
}

/** What Traefik would disable and log with every reload is left out: a router, a service, a middleware, never the others. */
function dropUnsound({ config, labels, settings, findings }: Draft): void {
  const labelOf = labelFinder(labels);
  for (const section of SECTIONS) {
    for (const [name, object] of config[section]) {
      const found = judgeSoundness(section, name, object, settings.traefik);
      findings.push(
        ...found.map((finding) => (finding.spot === undefined ? finding : withTag(finding, labelOf(section, name)))),
      );
      if (found.some(({ code }) => DIAGNOSTIC_CODES[code].severity === "error")) config[section].delete(name);
    }
  }
}

/** A name of hyphens alone normalizes to nothing, and Traefik has no service of that name. */
function refuseEmptyName({ config, refusals }: Draft): void {
  if (!SECTIONS.some((section) => config[section].has(""))) return;
  refusals.push({
    code: "NAME_EMPTY",
    message: "the service's name has no letter and no digit, so that its default service and router have no name",
    remedy: "name the router and the service in the tags, or rename the service",
  });
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

/** The finding with the tag that it is about; without a spot where the rule is the default one. */
function withTag({ spot, ...finding }: Finding, label: Label | undefined): Finding {
  return label === undefined || spot === undefined ? finding : { ...finding, tag: label.tag, spot };
}

/** Finds the tag of a router's rule. Spelt alike once for all, and only where a rule is broken: there may be hundreds. */
function labelFinder(labels: Draft["labels"]): (section: Section, name: string) => Label | undefined {
  let byFolded: ReadonlyMap<string, Label> | undefined;
  return (section, name) => {
    byFolded ??= new Map(Array.from(labels, ([key, label]) => [foldCase(key), label] as const).reverse());
    return byFolded.get(foldCase(`traefik.${section.replace("/", ".")}.${name}.rule`));
  };
}

/** References are rewritten for the file provider; what a file cannot hold is refused, or written so that it can. */
function finish({ config, instance, settings, refusals }: Draft): void {
  const provider = settings.equalNames === "prefix" && instance.catalogName !== undefined ? "" : "@file";
  for (const section of SECTIONS) {
    for (const [name, object] of config[section]) {
      const path = findEmptyObject(section, object);
      if (path !== undefined && settings.compat === "none") refusals.push(emptyObject(section, name, path));
      config[section].set(
        name,
        rewriteReferences(section, path === undefined ? object : fillEmptyObjects(section, object), provider),
      );
    }
  }
}

function emptyObject(section: Section, name: string, path: string): Finding {
  return {
    code: "TAG_BAD_VALUE",
    message: `${resourceKey(section, name)} has no field that counts${path === "" ? "" : ` below ${path}`}, and Traefik refuses a file for an empty object`,
    remedy: "give it a field with a value, or remove its tags",
  };
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
