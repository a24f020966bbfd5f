import type { Finding } from "../../diagnostics/finding.ts";
import { type ConfigObject, kindOf, protocolOf, type Section, sectionsMade } from "../chart/dynamic-config.ts";
import { checkChoices } from "./choices.ts";
import { checkEntryPoints } from "./entry-points.ts";
import { checkHostSni } from "./host-sni.ts";
import { checkMiddlewareValues } from "./middleware-values.ts";
import { checkOldRule } from "./old-rule.ts";
import { checkPriority } from "./priority.ts";
import { checkProxyProtocol } from "./proxy-protocol.ts";
import { checkRuleSyntax } from "./rule.ts";
import { checkServerUrls } from "./server-url.ts";
import { checkSticky } from "./sticky.ts";
import type { LintCheck, LintSettings, Subject } from "./subject.ts";
import { checkMiddlewareTypes, checkServiceTypes } from "./types.ts";

const CHECKS: Readonly<Record<Subject["kind"], readonly LintCheck[]>> = {
  router: [checkRuleSyntax, checkOldRule, checkHostSni, checkPriority, checkEntryPoints, checkChoices],
  service: [checkServiceTypes, checkServerUrls, checkProxyProtocol, checkSticky, checkChoices],
  middleware: [checkMiddlewareTypes, checkMiddlewareValues],
};

/**
 * What Traefik would only log about one router, service or middleware. Findings whose code is an error mean that it would
 * disable it (and, of a service or middleware, whatever refers to it), and nothing else; a warning leaves it working,
 * otherwise than its owner meant.
 */
export function lintObject(
  section: Section,
  name: string,
  object: ConfigObject,
  settings: LintSettings,
): readonly Finding[] {
  const subject = subjectOf(section, name, object);
  if (subject === undefined) return NOTHING_FOUND;
  let all = NOTHING_FOUND;
  for (const check of CHECKS[subject.kind]) {
    const found = check(subject, settings);
    if (found.length > 0) all = [...all, ...found];
  }
  return all;
}

/** Of nearly everything. */
const NOTHING_FOUND: readonly Finding[] = [];

function subjectOf(section: Section, name: string, object: ConfigObject): Subject | undefined {
  const sort = SORTS[section];
  return sort === undefined ? undefined : { ...sort, name, object };
}

const SORTS = sectionsMade((section): Pick<Subject, "protocol" | "kind"> | undefined => {
  const protocol = protocolOf(section);
  const kind = ({ routers: "router", services: "service", middlewares: "middleware" } as const)[kindOf(section)];
  return protocol === "tls" || kind === undefined ? undefined : { protocol, kind };
});
