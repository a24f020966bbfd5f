import type { DefaultsSubject } from "../default-middlewares/put-before.ts";
import type { Finding } from "../diagnostics/finding.ts";
import { demandOf } from "../policy/required-middlewares.ts";
import { kindOf, type ResourceKey, ROUTER_SECTIONS, resourceKey, splitKey } from "../traefik/chart/dynamic-config.ts";
import type { Fragment } from "../translate/draft.ts";
import { leaveOut } from "../translate/left-out.ts";
import { type Meanings, unmetDemand } from "./unmet-demands.ts";
import { unmetFinding } from "./unmet-finding.ts";

/**
 * Leaves out the routers of an instance that do not meet what its rule of the policy demands (`middlewares.require`). The
 * default middlewares count as their own, so that this comes after them. What other services' routers lead to it is judged when
 * all of them are known.
 */
export function meetDemands(
  fragment: Fragment,
  subject: DefaultsSubject,
): { readonly fragment: Fragment; readonly findings: readonly Finding[] } {
  const { instance, settings } = subject;
  const demand = demandOf(instance, settings.policy);
  if (demand === undefined) return { fragment, findings: [] };
  const { config } = fragment;
  const meanings: Meanings = {
    objectAt: (key) => {
      const { section, name } = splitKey(key);
      return config[section].get(name);
    },
    isOfTags: (middleware) => config["http/middlewares"].has(middleware),
    demandsAt: (key) => (kindOf(splitKey(key).section) === "services" ? [demand] : []),
  };
  const refused = new Map<ResourceKey, Finding>();
  for (const section of ROUTER_SECTIONS) {
    for (const [name, router] of config[section]) {
      const unmet = unmetDemand(section, router, demand, meanings);
      if (unmet === undefined) continue;
      const nameInTags = name === subject.defaultName ? subject.defaultNameInTags : name;
      const finding = unmetFinding(unmet, { section, name, nameInTags, router, instance }, settings);
      refused.set(resourceKey(section, name), finding);
    }
  }
  if (refused.size === 0) return { fragment, findings: [] };
  const left = leaveOut(fragment, refused);
  return { fragment: left.fragment, findings: [...refused.values(), ...left.findings] };
}
