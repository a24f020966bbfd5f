import type { DefaultMiddlewares } from "../settings.ts";
import { type ConfigObject, configObject } from "../traefik/chart/dynamic-config.ts";
import { defaultsAt } from "./defaults-at.ts";

/** A router of HTTP with the default middlewares of its entry points before its own. */
export function withDefaults(router: ConfigObject, defaults: DefaultMiddlewares): ConfigObject {
  const before = defaultsOf(router, defaults);
  return before.length === 0 ? router : withMiddlewares(router, [...before, ...middlewaresOf(router)]);
}

/** A router with further middlewares before its own, and after the default ones where it has them. */
export function withMiddlewaresAfterDefaults(
  router: ConfigObject,
  middlewares: readonly string[],
  defaults: DefaultMiddlewares,
): ConfigObject {
  const before = defaultsOf(router, defaults);
  const all = middlewaresOf(router);
  const first = beginsWith(router, before) ? before : [];
  const own = all.slice(first.length).filter((name) => !middlewares.includes(name));
  return withMiddlewares(router, [...first, ...middlewares, ...own]);
}

/** The way back; undefined where the router does not begin with all of them. */
export function withoutDefaults(router: ConfigObject, defaults: DefaultMiddlewares): ConfigObject | undefined {
  const before = defaultsOf(router, defaults);
  if (before.length === 0) return router;
  return beginsWith(router, before) ? withMiddlewares(router, middlewaresOf(router).slice(before.length)) : undefined;
}

/**
 * A router of a published chart with the default middlewares of now. A process that was ended between chart and state has made
 * the chart by those of now already: of the two, the longer ones that the router begins with go.
 */
export function withOtherDefaults(
  router: ConfigObject,
  before: DefaultMiddlewares,
  now: DefaultMiddlewares,
): ConfigObject {
  const known = [before, now].map((one) => defaultsOf(router, one)).filter((list) => beginsWith(router, list));
  const longest = Math.max(0, ...known.map(({ length }) => length));
  return withDefaults(longest === 0 ? router : withMiddlewares(router, middlewaresOf(router).slice(longest)), now);
}

function beginsWith(router: ConfigObject, names: readonly string[]): boolean {
  const all = middlewaresOf(router);
  return names.every((name, position) => all[position] === name);
}

function defaultsOf(router: ConfigObject, defaults: DefaultMiddlewares): readonly string[] {
  return defaultsAt(defaults, textsOf(router["entryPoints"]));
}

function middlewaresOf(router: ConfigObject): readonly string[] {
  return textsOf(router["middlewares"]);
}

function textsOf(value: ConfigObject[string] | undefined): readonly string[] {
  return [value ?? []].flat().map(String);
}

function withMiddlewares(router: ConfigObject, middlewares: readonly string[]): ConfigObject {
  const others = Object.entries(router).filter(([field]) => field !== "middlewares");
  return configObject(middlewares.length === 0 ? others : [...others, ["middlewares", middlewares]]);
}
