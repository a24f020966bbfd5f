import { dirname, isAbsolute, join } from "node:path";

/** Settings that name a file or a folder; `*` is every item of a list. */
const CATALOG_PATHS = ["tokenFile", "login.jwtFile", "tls.caFile", "tls.certFile", "tls.keyFile"];
const PATHS: readonly string[] = [
  ...["consul", "nomad", "catalogs.*.consul", "catalogs.*.nomad", "schedulers.*", "ports.nomad.*"].flatMap((section) =>
    CATALOG_PATHS.map((path) => `${section}.${path}`),
  ),
  ...["traefik.api", "edges.*.api"].flatMap((section) =>
    ["passwordFile", "tls.caFile", "tls.certFile", "tls.keyFile"].map((path) => `${section}.${path}`),
  ),
  ...["serve.tokenFile", "serve.tls.certFile", "serve.tls.keyFile", "serve.tls.caFile"],
  ...["ports.ledger", "policy", "snippets", "output.file", "edges.*.file", "stateDir"],
];

/** What the settings call such paths. */
export const PATH_KEYS: ReadonlySet<string> = new Set(PATHS.map((path) => path.replace(/^.*\./, "")));

/**
 * The content of a settings file in which relative paths count from the file's own folder, wherever portolan is started.
 *
 * @param file the settings file
 */
export function withPathsFrom(file: string, content: unknown): unknown {
  const folder = dirname(file);
  return PATHS.reduce((changed, path) => withPath(changed, path.split("."), folder), content);
}

function withPath(content: unknown, [key, ...rest]: readonly string[], folder: string): unknown {
  if (key === undefined) {
    return typeof content === "string" && content !== "" && !isAbsolute(content) ? join(folder, content) : content;
  }
  if (key === "*") return Array.isArray(content) ? content.map((item) => withPath(item, rest, folder)) : content;
  if (typeof content !== "object" || content === null || Array.isArray(content) || !Object.hasOwn(content, key)) {
    return content;
  }
  return { ...content, [key]: withPath(Reflect.get(content, key), rest, folder) };
}
