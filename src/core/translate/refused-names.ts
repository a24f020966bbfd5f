import { foldCase } from "../../go/fold-case.ts";
import type { Finding } from "../diagnostics/finding.ts";
import { kindOf, resourceKey, type Section, sectionsInUse } from "../traefik/chart/dynamic-config.ts";
import { keyOf, maskedTag, shownPart } from "../traefik/labels/label-problem.ts";
import { type Draft, refusePart } from "./draft.ts";

/**
 * Leaves out what has a name that Traefik has no use for: none at all, since a name of hyphens alone normalizes to nothing;
 * or one with `@`, which Traefik would take for another provider's, and disable. It costs the instance nothing else.
 */
export function refuseNames(draft: Draft): void {
  const { config } = draft;
  for (const section of sectionsInUse(config)) {
    for (const [name, object] of config[section]) {
      const cause = name === "" ? NAME_EMPTY : name.includes("@") ? nameOfProvider(section, name, draft) : undefined;
      if (cause === undefined) continue;
      config[section].delete(name);
      refusePart(draft, resourceKey(section, name), { cause, object });
    }
  }
}

const NAME_EMPTY: Finding = {
  code: "NAME_EMPTY",
  message: "the service's name has no letter and no digit, so that its default service and router have no name",
  remedy: "name the router and the service in the tags, or rename the service",
};

function nameOfProvider(section: Section, name: string, { labels }: Draft): Finding {
  const start = foldCase(`traefik.${section.replace("/", ".")}.${name}`);
  const label = [...labels].find(([key]) => foldCase(key).startsWith(start))?.[1];
  const what = `defines the ${kindOf(section).replace(/s$/, "")} ${JSON.stringify(shownPart(name))}, but "@" separates a name from its provider`;
  const remedy = `write ${JSON.stringify(shownPart(name.replaceAll("@", "-")))}, or another name without "@"`;
  if (label === undefined) return { code: "NAME_OF_PROVIDER", message: `the service's name ${what}`, remedy };
  const message = `key ${JSON.stringify(keyOf(label))} ${what}`;
  const spot = { in: "key", text: shownPart(name) } as const;
  return { code: "NAME_OF_PROVIDER", message, remedy, tag: maskedTag(label), spot };
}
