import { ANY_ENTRY_POINT, type CoreSettings } from "../settings.ts";
import type { ConfigObject } from "../traefik/chart/dynamic-config.ts";
import { WEB_ENTRY_POINTS } from "../traefik/rule-reach/web-entry-points.ts";

/**
 * Why a TCP router would take what comes to an entry point before the default middlewares of HTTP see it, as the middle of a
 * sentence; undefined where it would not. Traefik's TCP routers come first, with the host of a TLS connection or with all.
 *
 * | it names | it would where there are default middlewares |
 * |---|---|
 * | entry points | of one of them; or of any, and one is a default one or called like one of HTTP |
 * | none | of whatever: Traefik's default ones are meant |
 */
export function whyPastDefaults(
  router: ConfigObject,
  { defaultMiddlewares, defaultEntryPoints }: CoreSettings["traefik"],
): string | undefined {
  const named = [router["entryPoints"] ?? []].flat().map(String);
  if (named.length === 0) return "names no entry point, so that it listens at those of HTTP";
  const demanding = Object.keys(defaultMiddlewares).filter((one) => (defaultMiddlewares[one] ?? []).length > 0);
  const isAnyOfHttp = (one: string) => defaultEntryPoints.includes(one) || WEB_ENTRY_POINTS.includes(one);
  const found = named.find(
    (one) => demanding.includes(one) || (demanding.includes(ANY_ENTRY_POINT) && isAnyOfHttp(one)),
  );
  return found === undefined
    ? undefined
    : `listens at ${JSON.stringify(found)}, where default middlewares stand before routers of HTTP`;
}
