import { canonicalJson } from "../canonical.ts";
import { remember } from "../remember.ts";
import { type ConfigObject, HTTP_SECTIONS, type HttpConfig } from "./dynamic-config.ts";

/**
 * First line of every chart and the mark by which portolan knows its own file. It names no version: nodes of different
 * releases must produce equal bytes from equal catalogs, and an upgrade is no reason for Traefik to reload.
 */
export const CHART_HEADER = "# portolan chart 1: generated from the catalog, changes made here are overwritten";

/**
 * Writes a configuration as JSON inside YAML, one router, service or middleware a line: a line can be found with grep,
 * compared with diff, and a cut file is never valid. Same meaning, same bytes. Empty maps are left out, because Traefik
 * refuses the whole file for one; without any route only the header remains, which Traefik accepts and which clears
 * all routes.
 */
export function renderChart(config: HttpConfig): string {
  const sections = HTTP_SECTIONS.filter((section) => config[section].size > 0).map(
    (section) => `"${section}": {\n${renderEntries(config[section])}\n}`,
  );
  if (sections.length === 0) return `${CHART_HEADER}\n`;
  return `${CHART_HEADER}\n{"http": {\n${sections.join(",\n")}\n}}\n`;
}

function renderEntries(entries: ReadonlyMap<string, ConfigObject>): string {
  return [...entries]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, object]) => `  ${inert(canonicalJson(name))}: ${inertText(object)}`)
    .join(",\n");
}

const inertText = remember((object: ConfigObject) => inert(canonicalJson(object)));

/**
 * Traefik runs every file of the file provider through Go's text/template before it parses it, so `{{` in a tag would be
 * executed with access to Traefik's environment. JSON's own syntax never has two braces in a row; in strings they are
 * escaped. Control characters beyond ASCII and line separators are legal in JSON and refused or folded by YAML.
 */
function inert(json: string): string {
  return json.replace(ACTIVE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

const ACTIVE = /\{(?=\{)|(?<=\{)\{|[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;
