import { type ConfigObject, configObject, type Section } from "../chart/dynamic-config.ts";
import type { RuleSyntax } from "./syntax.ts";

/** What Traefik's static configuration gives to routers that do not say it themselves, as far as the settings tell. */
export interface RouterDefaults {
  readonly ruleSyntax: RuleSyntax;
  /** Empty where it is not told: then such a router may be asked at any entry point. */
  readonly defaultEntryPoints: readonly string[];
}

/**
 * The router with what Traefik would give it, where that is told and the router does not say: then everything that reads the
 * router knows it, Traefik among them. UDP routers get no default entry points.
 */
export function withDefaults(
  section: Section,
  router: ConfigObject,
  { ruleSyntax, defaultEntryPoints }: RouterDefaults,
): ConfigObject {
  if (section !== "http/routers" && section !== "tcp/routers") return router;
  const lacksSyntax = ruleSyntax !== "v3" && (router["ruleSyntax"] ?? "") === "";
  const lacksEntryPoints = defaultEntryPoints.length > 0 && [router["entryPoints"] ?? []].flat().length === 0;
  if (!lacksSyntax && !lacksEntryPoints) return router;
  return configObject([
    ...Object.entries(router).filter(([field]) => !(lacksEntryPoints && field === "entryPoints")),
    ...(lacksEntryPoints ? [["entryPoints", defaultEntryPoints] as const] : []),
    ...(lacksSyntax ? [["ruleSyntax", ruleSyntax] as const] : []),
  ]);
}
