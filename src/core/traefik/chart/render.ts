import { memoize } from "../../incremental/memoize.ts";
import { splitCanaries } from "./canary-split.ts";
import { canonicalJson } from "./canonical-json.ts";
import {
  type ConfigObject,
  type DynamicConfig,
  kindOf,
  protocolOf,
  SECTIONS,
  type Section,
  sectionsMade,
} from "./dynamic-config.ts";
import { type LinePieces, renderLines } from "./line-pieces.ts";

/**
 * First line of every chart and the mark by which portolan knows its own file. It names no version: nodes of different
 * releases must produce equal bytes from equal catalogs, and an upgrade is no reason for Traefik to reload.
 */
export const CHART_HEADER = "# portolan chart 1: generated from the catalog, changes made here are overwritten";

/** A chart as text, and the pieces that the text of the next one is made of. */
export interface RenderedChart {
  readonly text: string;
  readonly sections: Readonly<Record<Section, LinePieces<ConfigObject>>>;
}

/**
 * Writes a configuration as JSON inside YAML, one router, service or middleware a line: a line can be found with grep,
 * compared with diff, and a cut file is never valid. Same meaning, same bytes. Empty maps are left out, because Traefik
 * refuses the whole file for one; without any route only the header remains, which Traefik accepts and which clears
 * all routes.
 */
export function renderChart(config: DynamicConfig): string {
  return renderAgain(config, undefined).text;
}

/** As `renderChart`, with what an earlier chart has in common with this one taken from it. */
export function renderAgain(whole: DynamicConfig, before: RenderedChart | undefined): RenderedChart {
  const config = splitCanaries(whole);
  const sections = sectionsMade((section) => renderLines(config[section], chartLine, before?.sections[section]));
  // Joined once: a chart of thousands of routers is megabytes, and each intermediate text would copy them again.
  const text: string[] = [`${CHART_HEADER}\n`];
  let protocol = "";
  for (const section of SECTIONS) {
    if (config[section].size === 0) continue;
    const opening = protocol === "" ? "{" : "},\n";
    text.push(protocolOf(section) === protocol ? ",\n" : `${opening}"${protocolOf(section)}": {\n`);
    protocol = protocolOf(section);
    text.push(`"${kindOf(section)}": {\n`);
    for (const [position, piece] of sections[section].pieces.entries())
      text.push(position > 0 ? ",\n" : "", piece.text);
    text.push("\n}");
  }
  if (protocol !== "") text.push("\n}}\n");
  return { text: text.join(""), sections };
}

/** The line of the chart that defines this object by this name; equal lines mean the same. */
export function chartLine(name: string, object: ConfigObject): string {
  const known = lastLine(object);
  if (known.line === "" || known.name !== name) {
    known.name = name;
    // Joined, not put together as a template: that would keep its four parts beside each other for as long as the line is known.
    known.line = ["  ", inert(canonicalJson(name)), ": ", inert(canonicalJson(object))].join("");
  }
  return known.line;
}

/** An object keeps its name for life, with few exceptions: the last line is remembered with it. */
const lastLine = memoize((_: ConfigObject) => ({ name: "", line: "" }));

/**
 * Traefik runs every file of the file provider through Go's text/template before it parses it, so `{{` in a tag would be
 * executed with access to Traefik's environment. JSON's own syntax never has two braces in a row; in strings they are
 * escaped. Control characters beyond ASCII and line separators are legal in JSON and refused or folded by YAML.
 */
function inert(json: string): string {
  return json.replace(ACTIVE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

const ACTIVE = /\{(?=\{)|(?<=\{)\{|[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;
