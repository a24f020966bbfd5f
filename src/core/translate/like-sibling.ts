import { type ConfigObject, definedIn, type MutableConfig, sectionsMade } from "../traefik/chart/dynamic-config.ts";
import type { Draft, Fragment, Subject } from "./draft.ts";
import { fillHttp } from "./http-fragment.ts";
import { fillTcp } from "./tcp-fragment.ts";
import { fillUdp } from "./udp-fragment.ts";

/** An instance whose fragment was built of the same tags, with nothing left out and nothing to report. */
export interface Sibling {
  readonly subject: Subject;
  readonly fragment: Fragment;
}

/**
 * A draft of the services alone of an instance with the tags of its sibling: but for its servers, all that its tags define is
 * the sibling's, judged already. Undefined where that is not so, for a part of the definitions depends on the instance: names
 * with its namespace or its catalog before them, default rules, what its middlewares may ask.
 *
 * @param decoded what the tags of both define: the same object
 */
export function draftOfServices(
  subject: Subject,
  decoded: ConfigObject,
  { subject: other, fragment }: Sibling,
): Draft | undefined {
  if (subject.settings !== other.settings || subject.rules !== other.rules || subject.labels !== other.labels) return;
  if (subject.defaultName !== other.defaultName || subject.defaultName !== subject.defaultNameInTags) return;
  if (subject.instance.catalogName !== other.instance.catalogName || fragment.byDefaultRule.size > 0) return;
  for (const [name, middleware] of fragment.config["http/middlewares"]) {
    if (subject.rules.judgeMiddleware(name, middleware, subject) !== undefined) return;
  }
  const config: MutableConfig = sectionsMade(() => NOTHING);
  const draft: Draft = { ...subject, config, byDefaultRule: NO_NAMES, leftOut: new Map(), findings: [] };
  for (const [protocol, fill] of FILLS) {
    const section = `${protocol}/services` as const;
    if (fragment.config[section].size === 0) continue;
    config[section] = new Map(definedIn(decoded, section));
    fill(draft);
  }
  return draft;
}

/** The fragment of an instance whose own services are these, and all else its sibling's. */
export function withServicesOf({ config }: Draft, { fragment }: Sibling): Fragment {
  const own = { ...fragment.config };
  for (const [protocol] of FILLS) {
    const section = `${protocol}/services` as const;
    if (config[section].size > 0) own[section] = config[section];
  }
  return { ...fragment, config: own };
}

const FILLS = [
  ["http", fillHttp],
  ["tcp", fillTcp],
  ["udp", fillUdp],
] as const;

/** Never written to: only what is to be filled has a map of its own. */
const NOTHING = new Map<string, ConfigObject>();
const NO_NAMES = new Set<string>();
