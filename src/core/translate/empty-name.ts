import { SECTIONS } from "../traefik/chart/dynamic-config.ts";
import type { Draft } from "./draft.ts";

/** A name of hyphens alone normalizes to nothing, and Traefik has no service of that name. */
export function refuseEmptyName({ config, refusals }: Draft): void {
  if (!SECTIONS.some((section) => config[section].has(""))) return;
  refusals.push({
    code: "NAME_EMPTY",
    message: "the service's name has no letter and no digit, so that its default service and router have no name",
    remedy: "name the router and the service in the tags, or rename the service",
  });
}
