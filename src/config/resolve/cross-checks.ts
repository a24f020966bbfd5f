import { ANY_ENTRY_POINT } from "../../core/settings.ts";
import type { Settings } from "../files/schema.ts";
import { checkServe } from "./check-serve.ts";
import { judgeDefined } from "./defined.ts";

/** Rules across settings, which no schema of a single one can hold; messages begin with the setting's path. */
export function crossChecks(settings: Settings): readonly string[] {
  return [
    ...connectionSections(settings).flatMap(checkConnection),
    ...checkPublish(settings),
    ...checkDefinitions(settings),
    ...checkDefaultMiddlewares(settings),
    ...checkServe(settings),
    ...apiSections(settings).flatMap(checkApiUser),
  ];
}

/** A section of the settings that says how a product's API is reached. */
interface ConnectionSection {
  readonly path: string;
  readonly tls: { readonly certFile?: string; readonly keyFile?: string };
  readonly token?: string;
  readonly tokenFile?: string;
  readonly login?: unknown;
}

function connectionSections(settings: Settings): readonly ConnectionSection[] {
  const { consul, nomad, catalogs = [], schedulers = [] } = settings;
  return [
    { path: "consul", ...consul },
    { path: "nomad", ...nomad },
    ...apiSections(settings),
    ...schedulers.map((one, position) => ({ path: `schedulers.${position}`, ...one })),
    ...catalogs.flatMap((one, position) => {
      const sections = Object.entries({ consul: one.consul, nomad: one.nomad });
      return sections.flatMap(([product, section]) =>
        section === undefined ? [] : [{ path: `catalogs.${position}.${product}`, ...section }],
      );
    }),
  ];
}

function checkConnection({ path, tls, token, tokenFile, login }: ConnectionSection): readonly string[] {
  const errors: string[] = [];
  if ((tls.certFile === undefined) !== (tls.keyFile === undefined)) {
    errors.push(`${path}.tls: found only one of certFile and keyFile; both or neither are allowed`);
  }
  if (login === undefined) return errors;
  for (const [key, value] of Object.entries({ token, tokenFile })) {
    if (value === undefined) continue;
    errors.push(`${path}.${key}: found beside ${path}.login; one source of tokens is allowed: remove the other`);
  }
  return errors;
}

type ApiSection = NonNullable<Settings["traefik"]["api"]> & { readonly path: string };

function apiSections({ traefik, edges }: Settings): readonly ApiSection[] {
  return [
    ...(traefik.api === undefined ? [] : [{ path: "traefik.api", ...traefik.api }]),
    ...edges.flatMap(({ api }, position) => (api === undefined ? [] : [{ path: `edges.${position}.api`, ...api }])),
  ];
}

function checkApiUser({ path, user, password, passwordFile }: ApiSection): readonly string[] {
  const hasPassword = password !== undefined || passwordFile !== undefined;
  if ((user !== undefined) === hasPassword) return [];
  if (hasPassword) return [`${path}.user: found nothing beside a password; the user that it belongs to is allowed`];
  return [`${path}.passwordFile: found nothing beside ${path}.user; a file with the user's password is allowed`];
}

function checkPublish({ publish }: Settings): readonly string[] {
  if (publish.maxDelay >= publish.quiet) return [];
  return ["publish.maxDelay: found less than publish.quiet; at least as much is allowed"];
}

function checkDefinitions(settings: Settings): readonly string[] {
  const defined = judgeDefined(settings);
  if (defined.kind !== "refused") return [];
  return defined.problems.map(({ path, message, remedy }) => `define.${path}: ${message}; ${remedy}`);
}

/** What would silently leave routers without what the operator demands of them. */
function checkDefaultMiddlewares({ traefik, edges, compat, snippets }: Settings): readonly string[] {
  const given = [
    { path: "traefik.defaultMiddlewares", lists: traefik.defaultMiddlewares },
    ...edges.flatMap(({ defaultMiddlewares: lists }, position) =>
      lists === undefined ? [] : [{ path: `edges.${position}.defaultMiddlewares`, lists }],
    ),
  ].filter(({ lists }) => Object.keys(lists).length > 0);
  if (compat === "traefik") {
    return given.map(
      ({ path }) =>
        `${path}: found beside compat: traefik, which charts what Traefik's own provider would; compat: none is allowed, or entryPoints.NAME.http.middlewares in Traefik's static configuration`,
    );
  }
  return given.flatMap(({ path, lists }) => [
    ...Object.keys(lists)
      .filter(
        (name) => name !== ANY_ENTRY_POINT && traefik.entryPoints.length > 0 && !traefik.entryPoints.includes(name),
      )
      .map(
        (name) =>
          `${path}: found the entry point ${JSON.stringify(name)}; allowed: ${["*", ...traefik.entryPoints].join(", ")}`,
      ),
    ...Object.values(lists)
      .flat()
      .filter((name) => !name.includes("@") && snippets === undefined)
      .map(
        (name) =>
          `${path}: found ${JSON.stringify(name)}, and there are no snippets that could define it; ${JSON.stringify(`${name}@file`)} is allowed for one in a file beside the chart, or set snippets`,
      ),
  ]);
}
