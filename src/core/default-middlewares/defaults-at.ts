import { memoize, memoizeRecent } from "../incremental/memoize.ts";
import { ANY_ENTRY_POINT, type DefaultMiddlewares } from "../settings.ts";

/** Are there none at all? */
export function hasNoDefaults(defaults: DefaultMiddlewares): boolean {
  return namesIn(defaults).size === 0;
}

/**
 * What stands before the middlewares of a router of HTTP, in the order of the settings, each once:
 *
 * | the router names | it gets |
 * |---|---|
 * | one entry point | what is said of it, and of any |
 * | several | what is said of each of them: it is one router, and no entry point is without what it demands |
 * | none | all that there is, since Traefik's default ones may be any |
 */
export function defaultsAt(defaults: DefaultMiddlewares, entryPoints: readonly string[]): readonly string[] {
  return listFor(defaults)(entryPoints.join("\n"));
}

/** One list for each set of entry points, whatever the number of routers. */
const listFor = memoize((defaults: DefaultMiddlewares) =>
  memoizeRecent(100, (joined: string): readonly string[] => {
    const named = joined === "" ? [] : joined.split("\n");
    const counts = (one: string) => named.length === 0 || one === ANY_ENTRY_POINT || named.includes(one);
    return [...new Set(Object.entries(defaults).flatMap(([entryPoint, names]) => (counts(entryPoint) ? names : [])))];
  }),
);

/** All default middlewares, as the settings name them. */
export const namesIn = memoize(
  (defaults: DefaultMiddlewares): ReadonlySet<string> => new Set(Object.values(defaults).flat()),
);
