import { type ConfigObject, type ConfigValue, configObject, HTTP_SECTIONS, type HttpConfig } from "./dynamic-config.ts";
import { CHART_HEADER } from "./render.ts";

/** Reads back what `renderChart` wrote. Undefined for anything else: a foreign file, or one that was cut or edited badly. */
export function parseChart(text: string): HttpConfig | undefined {
  const [header, ...lines] = text.split("\n");
  if (header !== CHART_HEADER) return undefined;
  const body = lines.join("\n").trim();
  const chart = { routers: new Map(), services: new Map(), middlewares: new Map() } satisfies HttpConfig;
  if (body === "") return chart;
  const http = fieldOf(parseJson(body), "http");
  if (http === undefined) return undefined;
  for (const section of HTTP_SECTIONS) {
    const entries = fieldOf(http, section);
    if (entries === undefined) continue;
    if (!isJsonObject(entries)) return undefined;
    for (const [name, entry] of Object.entries(entries)) {
      if (!isJsonObject(entry)) return undefined;
      chart[section].set(name, toConfigObject(entry));
    }
  }
  return chart;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fieldOf(value: unknown, name: string): unknown {
  return isJsonObject(value) ? value[name] : undefined;
}

function toConfigObject(object: Readonly<Record<string, unknown>>): ConfigObject {
  return configObject(Object.entries(object).map(([name, value]) => [name, toConfigValue(value)]));
}

function toConfigValue(value: unknown): ConfigValue {
  if (Array.isArray(value)) return value.map(toConfigValue);
  if (isJsonObject(value)) return toConfigObject(value);
  return typeof value === "number" || typeof value === "boolean" ? value : String(value);
}
