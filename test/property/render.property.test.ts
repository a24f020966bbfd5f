import fc from "fast-check";
import { loadAll } from "js-yaml";
import { describe, expect, test } from "vitest";
import { canonicalJson } from "../../src/core/traefik/chart/canonical-json.ts";
import {
  configObject,
  type DynamicConfig,
  kindOf,
  protocolOf,
  SECTIONS,
  sectionsMade,
} from "../../src/core/traefik/chart/dynamic-config.ts";
import { parseChart } from "../../src/core/traefik/chart/parse-chart.ts";
import { renderChart } from "../../src/core/traefik/chart/render.ts";
import { anyConfig } from "../builders/arbitrary.ts";

/** The configuration as one text, so that prototypes and the order of keys do not count. */
function meaning(config: DynamicConfig): string {
  const sections = SECTIONS.filter((section) => config[section].size > 0);
  return canonicalJson(configObject(sections.map((section) => [section, configObject(config[section])])));
}

describe("rendering", () => {
  test("is read back as the same by our own parser", () => {
    fc.assert(
      fc.property(anyConfig, (config) => {
        const parsed = parseChart(renderChart(config));
        if (parsed === undefined) throw new Error("our own chart is not recognized");
        expect(meaning(parsed)).toBe(meaning(config));
      }),
    );
  });

  test("is read as the same by a YAML parser", () => {
    fc.assert(
      fc.property(anyConfig, (config) => {
        const [file = {}] = loadAll(renderChart(config)) as readonly Record<string, Record<string, object>>[];
        const sections = SECTIONS.flatMap((section) => {
          const entries = file[protocolOf(section)]?.[kindOf(section)];
          return entries === undefined ? [] : [[section, JSON.parse(JSON.stringify(entries))] as const];
        });
        expect(canonicalJson(configObject(sections))).toBe(meaning(config));
      }),
    );
  });

  test("never leaves a Go template, whatever the names and values", () => {
    fc.assert(
      fc.property(anyConfig, (config) => {
        expect(renderChart(config)).not.toContain("{{");
      }),
    );
  });

  test("holds no character that YAML refuses or folds", () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    const refused = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]|\\\/|\\ud[89a-f]/i;
    fc.assert(
      fc.property(anyConfig, (config) => {
        expect(renderChart(config)).not.toMatch(refused);
      }),
    );
  });

  test("gives equal bytes for equal meaning, in whatever order it was built", () => {
    fc.assert(
      fc.property(anyConfig, (config) => {
        const reversed = sectionsMade((section) => new Map([...config[section]].toReversed()));
        expect(renderChart(reversed)).toBe(renderChart(config));
      }),
    );
  });

  test("a chart that was cut anywhere is not read back", () => {
    fc.assert(
      fc.property(anyConfig, fc.double({ min: 0, max: 1, noNaN: true }), (config, share) => {
        fc.pre(meaning(config) !== "{}");
        const text = renderChart(config).trimEnd();
        const cut = text.slice(0, Math.floor(share * (text.length - 1)));
        const parsed = parseChart(cut);
        expect(parsed === undefined || meaning(parsed) === "{}").toBe(true);
      }),
    );
  });
});
