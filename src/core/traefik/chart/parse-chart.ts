import { isMapping } from "../../../base/mapping.ts";
import { joinCanaries } from "./canary-split.ts";
import {
  type ConfigObject,
  type ConfigValue,
  configObject,
  type DynamicConfig,
  kindOf,
  newConfig,
  protocolOf,
  SECTIONS,
} from "./dynamic-config.ts";
import { CHART_HEADER } from "./render.ts";

/** Reads back what `renderChart` wrote. Undefined for anything else: a foreign file, or one that was cut or edited badly. */
export function parseChart(text: string): DynamicConfig | undefined {
  const [header, ...lines] = text.split("\n");
  if (header !== CHART_HEADER) return undefined;
  const body = lines.join("\n").trim();
  const chart = newConfig();
  if (body === "") return chart;
  const root = parseJson(body);
  if (!isMapping(root)) return undefined;
  const protocols: readonly string[] = SECTIONS.map(protocolOf);
  const names = Object.keys(root);
  if (names.length === 0 || !names.every((name) => protocols.includes(name))) return undefined;
  for (const section of SECTIONS) {
    const protocol = root[protocolOf(section)];
    if (protocol === undefined) continue;
    if (!isMapping(protocol)) return undefined;
    const entries = protocol[kindOf(section)];
    if (entries === undefined) continue;
    if (!isMapping(entries)) return undefined;
    for (const [name, entry] of Object.entries(entries)) {
      if (!isMapping(entry)) return undefined;
      chart[section].set(name, toConfigObject(entry));
    }
  }
  return joinCanaries(chart);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A configuration's object from what a JSON parser makes of one. */
export function toConfigObject(object: Readonly<Record<string, unknown>>): ConfigObject {
  return configObject(Object.entries(object).map(([name, value]) => [name, toConfigValue(value)]));
}

function toConfigValue(value: unknown): ConfigValue {
  if (Array.isArray(value)) return value.map(toConfigValue);
  if (isMapping(value)) return toConfigObject(value);
  return typeof value === "number" || typeof value === "boolean" ? value : String(value);
}
