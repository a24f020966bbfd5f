import { parse as parseToml, TomlError } from "smol-toml";
import { parseYaml } from "../base/yaml-text.ts";

/** A value of an option: a list where it is one, and objects have options of their own. */
export type StaticValue = string | number | boolean | readonly (string | number | boolean)[];

/** One option of Traefik's static configuration, with its path as it is written. */
export interface StaticOption {
  readonly path: readonly string[];
  readonly value: StaticValue;
}

/** Traefik's static configuration as a list of options: Traefik finds them whatever the case of their names is. */
export type ParsedStatic =
  | { readonly kind: "parsed"; readonly options: readonly StaticOption[] }
  /** `fault` follows the file's name: `is not valid YAML at line 2, column 4`. */
  | { readonly kind: "refused"; readonly fault: string };

/** Its sections in Traefik 3.6 and 3.7, in lower case. */
const SECTIONS: ReadonlySet<string> = new Set([
  ...["global", "serverstransport", "tcpserverstransport", "entrypoints", "providers", "api", "metrics", "ping", "log"],
  ...["accesslog", "tracing", "hostresolver", "certificatesresolvers", "experimental", "core", "spiffe", "ocsp"],
]);

/** The sections of a dynamic configuration: a file of routes is often taken for the static one. */
const DYNAMIC: ReadonlySet<string> = new Set(["http", "tcp", "udp", "tls"]);

/**
 * Reads Traefik's static configuration: YAML, TOML by the ending of the name, or lines of flags (`--providers.…`) or of
 * variables (`TRAEFIK_PROVIDERS_…`), as they stand in a unit file, a job or a compose file. What it says is no secret's value.
 */
export function parseStatic(text: string, name: string): ParsedStatic {
  const lines = argumentsIn(text);
  const parsed = lines === undefined ? parseTree(text, name) : { kind: "parsed" as const, options: lines };
  if (parsed.kind === "refused") return parsed;
  const sections = new Set(parsed.options.map(({ path: [section = ""] }) => section.toLowerCase()));
  if ([...sections].some((section) => SECTIONS.has(section))) return parsed;
  const isDynamic = sections.size > 0 && [...sections].every((section) => DYNAMIC.has(section));
  const fault = isDynamic
    ? "is a dynamic configuration (http, tcp, udp, tls): name the static one, with entryPoints and providers"
    : "has no section of Traefik's static configuration: name the file with entryPoints and providers, or one with its flags or TRAEFIK_ variables, one a line";
  return { kind: "refused", fault };
}

/** Is this a section that Traefik's static configuration may have? In lower case. */
export function isStaticSection(section: string): boolean {
  return SECTIONS.has(section);
}

function parseTree(text: string, name: string): ParsedStatic {
  const options: StaticOption[] = [];
  let content: unknown;
  if (/\.toml$/i.test(name)) {
    try {
      content = parseToml(text, { integersAsBigInt: "asNeeded" });
    } catch (error) {
      const place = error instanceof TomlError ? ` at line ${error.line}, column ${error.column}` : "";
      return { kind: "refused", fault: `is not valid TOML${place}: correct it there` };
    }
  } else {
    const parsed = parseYaml(text);
    if (parsed.kind === "refused") return { kind: "refused", fault: `is not valid YAML${parsed.fault}` };
    [content] = parsed.documents;
  }
  collect(content, [], options);
  return { kind: "parsed", options };
}

/** Traefik's own configuration is some ten levels deep. */
const MOST_DEPTH = 32;

function collect(value: unknown, path: readonly string[], options: StaticOption[]): void {
  if (path.length > MOST_DEPTH || value === null || value === undefined) return;
  if (Array.isArray(value) && value.every(isScalar)) {
    options.push({ path, value: value.map(scalarOf) });
  } else if (isScalar(value)) {
    options.push({ path, value: scalarOf(value) });
  } else if (typeof value === "object") {
    const entries = Object.entries(value);
    // An empty object switches something on: `nomad: {}`.
    if (entries.length === 0 && path.length > 0) options.push({ path, value: true });
    for (const [name, child] of entries) collect(child, [...path, name], options);
  }
}

type Scalar = string | number | boolean | bigint | Date;

function isScalar(value: unknown): value is Scalar {
  return ["string", "number", "boolean", "bigint"].includes(typeof value) || value instanceof Date;
}

function scalarOf(value: Scalar): string | number | boolean {
  return typeof value === "bigint" || value instanceof Date ? String(value) : value;
}

const VARIABLE = /^TRAEFIK_([A-Z0-9_]+)=(.*)$/i;
const FLAG = /^--([a-z][^=\s]*)(?:[=](.*))?$/i;

/** The options of lines that are flags or variables, each perhaps within a list, in quotes or continued; undefined for other texts. */
function argumentsIn(text: string): readonly StaticOption[] | undefined {
  const options: StaticOption[] = [];
  let others = 0;
  for (const raw of text.split(/\r?\n/)) {
    const line = unwrapped(raw);
    if (line === "" || line.startsWith("#")) continue;
    const [, variable, setTo = ""] = VARIABLE.exec(line) ?? [];
    const [, flag, given] = FLAG.exec(line) ?? [];
    if (variable !== undefined) options.push(optionOf(variable.toLowerCase().split("_"), unquoted(setTo)));
    else if (flag !== undefined) options.push(optionOf(flag.split("."), given === undefined ? true : unquoted(given)));
    else others += 1;
  }
  return options.length === 0 || others > options.length ? undefined : options;
}

/** Without what carries an argument elsewhere: `- "--flag=value",`, `Environment=…`, `export …`, `… \`. */
function unwrapped(line: string): string {
  const bare = line
    .trim()
    .replace(/^(?:-\s+|Environment=|export\s+|args\s*=\s*\[|command:\s*)/, "")
    .replace(/\s*(?:\\|,|\])$/, "")
    .trim();
  return unquoted(bare);
}

function unquoted(text: string): string {
  return /^(["']).*\1$/s.test(text) ? text.slice(1, -1) : text;
}

function optionOf(path: readonly string[], given: string | boolean): StaticOption {
  return { path, value: given === "true" ? true : given === "false" ? false : given };
}
