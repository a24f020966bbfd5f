import { printable } from "../base/printable.ts";
import {
  type ConfigObject,
  type ConfigValue,
  configObject,
  isConfigObject,
  resourceKey,
} from "../core/traefik/chart/dynamic-config.ts";
import type { ListedSection, TraefikResource, TraefikStatus } from "../core/traefik-result/traefik-resource.ts";
import { harmlessError } from "./harmless-error.ts";

/** Traefik's own definitions are six levels deep; a plugin's may be more. */
const MOST_DEPTH = 40;
const MOST_ERRORS = 10;

/** What the API says about a resource beside its definition. */
const ABOUT_IT: ReadonlySet<string> = new Set([
  ...["name", "provider", "type", "status", "error", "using", "usedBy", "serverStatus", "priorityStr"],
]);

const STATUSES: ReadonlySet<unknown> = new Set<TraefikStatus>(["enabled", "disabled", "warning"]);

/** One resource of an answer; undefined where it is none that Traefik would list. */
export function resourceFrom(section: ListedSection, answer: unknown): TraefikResource | undefined {
  const found = objectOf(answer);
  const qualified = found?.["name"];
  const status = found?.["status"];
  if (found === undefined || typeof qualified !== "string" || !isStatus(status)) return undefined;
  // A name may have an @ itself, which Traefik misreads; the provider's has none.
  const at = qualified.lastIndexOf("@");
  if (at < 1) return undefined;
  const definition = definitionOf(found);
  if (definition === undefined) return undefined;
  return {
    key: resourceKey(section, qualified.slice(0, at)),
    section,
    provider: printable(qualified.slice(at + 1, at + 101)),
    status,
    errors: errorsOf(found["error"]),
    definition,
  };
}

function isStatus(found: unknown): found is TraefikStatus {
  return STATUSES.has(found);
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}

/** A hostile message must be as harmless as a short one of Traefik's. */
function errorsOf(found: unknown): readonly string[] {
  const texts = (Array.isArray(found) ? found : [found]).filter((one): one is string => typeof one === "string");
  return texts.slice(0, MOST_ERRORS).map(harmlessError);
}

function definitionOf(found: Readonly<Record<string, unknown>>): ConfigObject | undefined {
  const fields: [string, ConfigValue][] = [];
  for (const [field, value] of Object.entries(found)) {
    if (ABOUT_IT.has(field)) continue;
    const known = configValue(value, MOST_DEPTH);
    if (known === "too deep") return undefined;
    if (known !== undefined) fields.push([field, known.value]);
  }
  const { priorityStr } = found;
  // JSON's numbers end at 2^53, and Traefik's do not.
  if (typeof priorityStr === "string" && !Number.isSafeInteger(found["priority"] ?? 0)) {
    return configObject([...fields.filter(([field]) => field !== "priority"), ["priority", priorityStr.slice(0, 30)]]);
  }
  return configObject(fields);
}

/** An object of an answer as one of a configuration; undefined where it is none, or deeper than any of Traefik's. */
export function objectFrom(value: unknown): ConfigObject | undefined {
  const known = configValue(value, MOST_DEPTH);
  return known === undefined || known === "too deep" || !isConfigObject(known.value) ? undefined : known.value;
}

/** Undefined for null, which is as good as absent. */
function configValue(value: unknown, depth: number): { readonly value: ConfigValue } | "too deep" | undefined {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return { value };
  if (typeof value !== "object" || value === null) return undefined;
  if (depth === 0) return "too deep";
  const isList: boolean = Array.isArray(value);
  const fields: [string, ConfigValue][] = [];
  for (const [field, child] of Object.entries(value)) {
    const known = configValue(child, depth - 1);
    if (known === "too deep") return known;
    if (known !== undefined) fields.push([field, known.value]);
  }
  return { value: isList ? fields.map(([, child]) => child) : configObject(fields) };
}
