import type { Finding } from "../diagnostics/finding.ts";
import { resourceKey, SECTIONS } from "../traefik/chart/dynamic-config.ts";
import { type Draft, refusePart } from "./draft.ts";

/** A name of hyphens alone normalizes to nothing, and Traefik has no service of that name. */
export function refuseEmptyName(draft: Draft): void {
  const { config } = draft;
  for (const section of SECTIONS) {
    const object = config[section].get("");
    if (object === undefined) continue;
    config[section].delete("");
    refusePart(draft, resourceKey(section, ""), { cause: NAME_EMPTY, object });
  }
}

const NAME_EMPTY: Finding = {
  code: "NAME_EMPTY",
  message: "the service's name has no letter and no digit, so that its default service and router have no name",
  remedy: "name the router and the service in the tags, or rename the service",
};
