import { type ConfigObject, configObject, type Section } from "../chart/dynamic-config.ts";

/** The two ways in which a rule may be written. */
export type RuleSyntax = "v2" | "v3";

/**
 * The router with the syntax of its rule, where Traefik's default is v2 and the router does not say: then everything that
 * reads the rule knows how, Traefik among them.
 */
export function withRuleSyntax(section: Section, router: ConfigObject, syntax: RuleSyntax): ConfigObject {
  const isRule = section === "http/routers" || section === "tcp/routers";
  if (!isRule || syntax === "v3" || (router["ruleSyntax"] ?? "") !== "") return router;
  return configObject([...Object.entries(router), ["ruleSyntax", syntax]]);
}
