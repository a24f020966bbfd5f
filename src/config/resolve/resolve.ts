import type { z } from "zod";
import { withoutCredentials } from "../../core/traefik/url-credentials.ts";
import { environmentValue, httpsAddress } from "../files/environment-value.ts";
import { type Settings, settingsSchema } from "../files/schema.ts";
import { allowedKeys } from "../reference.ts";
import { CATALOGS, type CatalogName, chooseCatalog } from "./choose-catalog.ts";
import { judgeDefined } from "./defined.ts";
import { ENVIRONMENT, FLAGS, SECRET_PATHS, type SettingPath } from "./origins.ts";

export interface SettingsInput {
  /** The parsed settings file, and what it is called in messages. */
  readonly file?: { readonly name: string; readonly content: unknown };
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Flags without dashes, for example `{ "consul-addr": "…" }`. */
  readonly flags: Readonly<Record<string, string | undefined>>;
}

/** Settings never throw: either they are whole, or every problem is listed at once. */
export type ResolvedSettings =
  | {
      readonly kind: "resolved";
      readonly settings: Settings;
      /** What routes depend on, as it is written, in the order of `ROUTES_DEPEND_ON`. */
      readonly forRoutes: readonly unknown[];
    }
  | { readonly kind: "refused"; readonly errors: readonly string[] };

interface Tree {
  [key: string]: unknown;
}

/** Merges file, environment and flags (the later wins), checks everything, and reports all problems at once. */
export function resolveSettings({ file, environment, flags }: SettingsInput): ResolvedSettings {
  const origins = new Map<SettingPath, string>();
  const content = file?.content ?? {};
  if (!isTree(content)) {
    return { kind: "refused", errors: [`${file?.name}: found ${describe(content)}; a mapping of settings is allowed`] };
  }
  const tree = structuredClone(content);
  const chosen = chooseCatalog((path) => lookUp(tree, path.split(".")) !== undefined, flags, environment);
  for (const [variable, path] of Object.entries(ENVIRONMENT)) {
    const value = environment[variable];
    // An empty variable counts as unset, as in Consul's own tools.
    if (value === undefined || value === "") continue;
    // In a task of Nomad's some variables of its own are always set: they mean nothing to who charts Consul.
    if (chosen !== "both" && CATALOGS.some((one) => one !== chosen && path.startsWith(`${one}.`))) continue;
    place(tree, path, environmentValue(variable, value), origins, `environment ${variable}`);
  }
  for (const [flag, path] of Object.entries(FLAGS)) {
    const value = flags[flag];
    if (value !== undefined) place(tree, path, value, origins, `flag --${flag}`);
  }
  const https = httpsAddress(lookUp(tree, ["consul", "address"]), environment["CONSUL_HTTP_SSL"]);
  if (https !== undefined && chosen !== "nomad" && chosen !== "list") {
    place(tree, "consul.address", https, origins, "environment CONSUL_HTTP_SSL");
  }

  const parsed = settingsSchema.safeParse(tree);
  const errors = parsed.success
    ? crossChecks(parsed.data)
    : parsed.error.issues.flatMap((issue) => explain(issue, tree));
  if (chosen === "both") errors.unshift(BOTH_CATALOGS);
  if (chosen === "list") errors.unshift(...CATALOGS.filter((one) => tree[one] !== undefined).map(besideTheList));
  if (parsed.success && errors.length === 0) {
    const forRoutes = ROUTES_DEPEND_ON.map((section) => tree[section]);
    return { kind: "resolved", settings: parsed.data, forRoutes };
  }
  return { kind: "refused", errors: errors.map((error) => withOrigin(error, origins, file?.name)) };
}

/** Sections that decide which routes there are, besides the catalogs. */
const ROUTES_DEPEND_ON = ["compat", "equalNames", "traefik", "ports", "backends", "edges"];

const BOTH_CATALOGS =
  "nomad.address: found beside consul.address; one of the two is allowed: keep one of --consul-addr and --nomad-addr (or of consul.address and nomad.address, CONSUL_HTTP_ADDR and NOMAD_ADDR), or list both under catalogs";

function besideTheList(catalog: CatalogName): string {
  return `catalogs: found beside ${catalog} (its section, or --${catalog}-addr); one or the other is allowed: move it into the list, as - { name: …, ${catalog}: {…} }`;
}

function place(
  tree: Tree,
  path: SettingPath,
  value: string | boolean,
  origins: Map<SettingPath, string>,
  origin: string,
): void {
  const keys = path.split(".");
  const last = keys.pop() ?? path;
  let at = tree;
  for (const key of keys) {
    const next = at[key];
    const child = isTree(next) ? next : {};
    at[key] = child;
    at = child;
  }
  at[last] = value;
  origins.set(path, origin);
}

/** Rules across fields. */
function crossChecks(settings: Settings): string[] {
  const errors: string[] = [];
  const { publish, ports } = settings;
  for (const [path, section] of catalogSections(settings)) {
    const { tls } = section;
    if ((tls.certFile === undefined) !== (tls.keyFile === undefined)) {
      errors.push(`${path}.tls: found only one of certFile and keyFile; both or neither are allowed`);
    }
    if (!("login" in section) || section.login === undefined) continue;
    for (const other of ["token", "tokenFile"] as const) {
      if (section[other] === undefined) continue;
      errors.push(`${path}.${other}: found beside ${path}.login; one source of tokens is allowed: remove the other`);
    }
  }
  if (ports.dynamic !== undefined && ports.nomad !== undefined) {
    errors.push(
      "ports.dynamic: found beside ports.nomad; one of the two is allowed: remove ports.dynamic to take what Nomad says",
    );
  }
  if (publish.maxDelay < publish.quiet) {
    errors.push("publish.maxDelay: found less than publish.quiet; at least as much is allowed");
  }
  const defined = judgeDefined(settings);
  if (defined.kind === "refused") {
    for (const { path, message, remedy } of defined.problems) errors.push(`define.${path}: ${message}; ${remedy}`);
  }
  return errors;
}

function* catalogSections({ consul, nomad, catalogs = [], ports }: Settings) {
  yield ["consul", consul] as const;
  yield ["nomad", nomad] as const;
  for (const [position, one] of (ports.nomad ?? []).entries()) yield [`ports.nomad.${position}`, one] as const;
  for (const [position, one] of catalogs.entries()) {
    const path = `catalogs.${position}`;
    if (one.consul !== undefined) yield [`${path}.consul`, one.consul] as const;
    if (one.nomad !== undefined) yield [`${path}.nomad`, one.nomad] as const;
  }
}

function explain(issue: z.core.$ZodIssue, tree: Tree): string[] {
  const path = issue.path.map(String).join(".");
  if (issue.code === "unrecognized_keys") {
    const known = allowedKeys(issue.path.map(String));
    return issue.keys.map(
      (key) => `${path === "" ? key : `${path}.${key}`}: not a setting; allowed here: ${known.join(", ")}`,
    );
  }
  const value = lookUp(tree, issue.path.map(String));
  const isSecret = SECRET_PATHS.has(path.replace(/^catalogs\.\d+\./, "")) || (expectsObject(issue) && isText(value));
  const found = isSecret ? "a value that is not shown" : describe(value);
  if (value === undefined) return [`${path}: found nothing; ${REQUIRED[path] ?? allowed(issue)}`];
  return [`${path}: found ${found}; ${allowed(issue)}`];
}

/** A text where a mapping belongs: perhaps a token or a JWT, one level too high. */
function expectsObject(issue: z.core.$ZodIssue): boolean {
  return issue.code === "invalid_type" && ["object", "record", "array"].includes(issue.expected);
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}

const REQUIRED: Readonly<Record<SettingPath, string>> = {
  output: "name the file for Traefik with --output FILE.yml or output.file in the settings",
  "output.file": "name the file for Traefik with --output FILE.yml or output.file in the settings",
  stateDir: "name a directory for what must survive a restart with --state-dir DIR or stateDir in the settings",
};

/** What may stand there instead. */
export function allowed(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "custom":
      return issue.message;
    case "invalid_value":
      return `allowed: ${issue.values.map(String).join(", ")}`;
    case "invalid_type":
      return `${issue.expected === "object" ? "a mapping" : `a ${issue.expected}`} is allowed`;
    case "too_small":
      return `at least ${issue.minimum} is allowed`;
    case "too_big":
      return `at most ${issue.maximum} is allowed`;
    default:
      return issue.message;
  }
}

/** The value below these keys; undefined where there is none. */
export function lookUp(tree: unknown, path: readonly string[]): unknown {
  let at = tree;
  for (const key of path) at = isTree(at) || Array.isArray(at) ? Reflect.get(at, key) : undefined;
  return at;
}

/** A value for a message: never what may hold a secret. */
export function describe(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  // What is in it may be a token in the wrong place.
  if (typeof value === "object") return Array.isArray(value) ? "a list" : "a mapping";
  if (typeof value !== "string") return JSON.stringify(value).slice(0, 80);
  // An address may carry a password, or a token in its query.
  const bare = /:.*@/s.test(value) ? withoutCredentials(value) : value;
  return JSON.stringify(bare.replace(/\?[^?]*=.*$/s, "?***").slice(0, 80));
}

function withOrigin(error: string, origins: ReadonlyMap<SettingPath, string>, fileName: string | undefined): string {
  const path = error.slice(0, error.indexOf(":"));
  const origin = origins.get(path) ?? (error.includes("found nothing") ? undefined : fileName);
  return origin === undefined || path.startsWith("--") ? error : `${error} (${origin})`;
}

function isTree(value: unknown): value is Tree {
  return value instanceof Object && !Array.isArray(value);
}
