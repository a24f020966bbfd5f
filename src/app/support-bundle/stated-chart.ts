import { readBounded } from "../../base/bounded-file.ts";
import { type DynamicConfig, SECTIONS } from "../../core/traefik/chart/dynamic-config.ts";
import { parseChart } from "../../core/traefik/chart/parse-chart.ts";
import { maskSecrets } from "../../core/traefik/mask-secrets.ts";
import { maskedTexts } from "./known-secrets.ts";

/** The chart of tens of thousands of routers. */
const MAX_CHART_BYTES = 64 * 1024 * 1024;

/** A configuration of Traefik's without secrets, and the secrets. */
export interface StatedConfig {
  /** Section → name → object. */
  readonly config: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly secrets: readonly string[];
}

export function statedConfig(config: DynamicConfig): StatedConfig {
  const secrets: string[] = [];
  const sections = SECTIONS.flatMap((section) => {
    const objects = [...config[section]].map(([name, object]) => {
      const masked = maskSecrets(section, object);
      secrets.push(...maskedTexts(object, masked));
      return [name, masked] as const;
    });
    return objects.length === 0 ? [] : [[section, Object.fromEntries(objects)] as const];
  });
  return { config: Object.fromEntries(sections), secrets };
}

/** The chart in a file, or why it is not known. */
export async function statedChart(path: string): Promise<StatedConfig | { readonly missing: string }> {
  const found = await readBounded(path, MAX_CHART_BYTES);
  if (found.kind === "unreadable") return { missing: `${path}: ${found.reason}` };
  const chart = parseChart(found.text);
  return chart === undefined ? { missing: `${path} is no chart of portolan's` } : statedConfig(chart);
}
