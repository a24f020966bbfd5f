import { canonicalJson } from "./canonical-json.ts";
import { withoutDefaults } from "./defaults.ts";
import type { ConfigObject, Section } from "./dynamic-config.ts";
import { serversOf, withServers } from "./servers.ts";

/**
 * What a definition means to Traefik apart from its servers, as text: an option that is left out and one that is set to its
 * default are the same, so that services which say it in either way may share a name.
 */
export function meaningOf(section: Section, object: ConfigObject): string {
  return canonicalJson(withoutDefaults(section, serversOf(object).length === 0 ? object : withServers(object, [])));
}
