import { dump } from "js-yaml";
import { readOperatorConfig } from "../../app/inputs/operator-snippets.ts";
import { EXIT_CODES } from "../../base/errors.ts";
import { printable, printableLines } from "../../base/printable.ts";
import type { Settings } from "../../config/files/schema.ts";
import {
  DEFAULT_SETTINGS_FILE,
  findSettingsFile,
  SETTINGS_VARIABLE,
  type SettingsFile,
  settingsFileTitle,
} from "../../config/files/settings-file.ts";
import { loadSettings } from "../../config/load.ts";
import { CATALOG_SECTIONS } from "../../config/resolve/choose-catalog.ts";
import { coreSettings } from "../../config/resolve/core-settings.ts";
import { resolveSettings } from "../../config/resolve/resolve.ts";
import { type Catalog, PLAIN } from "../../core/catalog/snapshot.ts";
import type { Decision } from "../../core/decision.ts";
import type { Diagnostic } from "../../core/diagnostics/diagnostics.ts";
import { initialMemory } from "../../core/memory.ts";
import type { OperatorConfig } from "../../core/operator-config/operator-config.ts";
import { overlay, withoutNames } from "../../core/operator-config/overlay.ts";
import { reconcile } from "../../core/reconcile.ts";
import { type DynamicConfig, isRouterSection, sectionsMade } from "../../core/traefik/chart/dynamic-config.ts";
import { CHART_HEADER, renderChart } from "../../core/traefik/chart/render.ts";
import { maskSecrets } from "../../core/traefik/mask-secrets.ts";
import { type Command, usageError } from "../command-line/command-line.ts";
import { SETTINGS_FLAG } from "../command-line/flags.ts";
import { caretLine } from "../text/caret.ts";

const ADDRESS = "192.0.2.10";

export const checkTagsCommand: Command = {
  name: "check tags",
  summary: "say what tags mean, or what is wrong with them",
  help: [
    "Translates the tags as those of one healthy instance and prints what the chart would say, or each mistake with a",
    "caret under the spot. Reads no catalog, asks no Nomad for its ports and writes no file.",
  ].join("\n"),
  operands: "TAG …",
  flags: [
    {
      ...SETTINGS_FLAG,
      help: `settings to judge by (${SETTINGS_VARIABLE}, ${DEFAULT_SETTINGS_FILE}; else portolan's defaults)`,
    },
    { name: "service", value: "NAME", help: "the service's name in the catalog (default app)" },
    { name: "port", value: "PORT", help: "the instance's port (default: the first dynamic one)" },
    {
      name: "registry",
      value: "NAME",
      values: CATALOG_SECTIONS,
      help: "(default consul): they read tags slightly differently",
    },
    { name: "catalog", value: "NAME", help: "one of the settings' catalogs, in place of --registry" },
  ],
  exitCodes: { 0: "the tags are sound", 1: "something is wrong with them", 78: "bad settings" },
  async run(flags, tags) {
    if (tags.length === 0) throw usageError("check tags: name at least one tag, for example 'traefik.enable=true'");
    const file = await findSettingsFile(flags, process.env);
    const settings = file === undefined ? defaults() : await loadForChecking(file);
    const { registry, catalogName } = registryOf(flags, settings);
    const port = Number(flags["port"] ?? coreSettings(settings).ports.dynamic.first);
    if (!Number.isInteger(port))
      throw usageError(`check tags: --port: found ${JSON.stringify(flags["port"])}, a number is allowed`);
    const operatorConfig = await readOperatorConfig(settings);
    const decision = reconcile({
      operatorConfig,
      snapshots: [
        {
          ...(catalogName === undefined ? {} : { catalogName }),
          source: "command line",
          instances: [
            {
              catalog: registry,
              service: flags["service"] ?? "app",
              id: "checked",
              node: "here",
              nodeId: "here",
              datacenter: "",
              namespace: "",
              nodeAddress: ADDRESS,
              address: ADDRESS,
              port,
              tags,
              checks: [{ id: "checked", name: "", status: "passing" }],
              ...PLAIN,
              createIndex: 1,
            },
          ],
          freshness: "live",
          readAtMs: 0,
        },
      ],
      previous: initialMemory(undefined),
      settings: coreSettings(settings),
      nowMs: 0,
    });
    if (file !== undefined && file.by !== "--settings") {
      process.stderr.write(`${printable(`judged by the settings in ${settingsFileTitle(file)}`)}\n`);
    }
    process.stdout.write(report(decision, operatorConfig, settings));
    return decision.diagnostics.some(({ severity }) => severity === "error") ? EXIT_CODES.failure : EXIT_CODES.ok;
  },
};

/** The settings to judge tags by. What they need for charting, and the environment says of catalogs, is not asked for. */
function loadForChecking(file: SettingsFile): Promise<Settings> {
  return loadSettings({ output: "unused.yml", "state-dir": "unused" }, {}, file);
}

interface Registry {
  readonly registry: Catalog;
  readonly catalogName?: string;
}

/** Where the tags would be registered. Throws AppError (exit code 64) for a name that is none. */
function registryOf(flags: Readonly<Record<string, string | undefined>>, { catalogs = [] }: Settings): Registry {
  const { catalog: catalogName, registry = CATALOG_SECTIONS[0] } = flags;
  if (catalogName !== undefined) {
    const listed = catalogs.find(({ name }) => name === catalogName);
    const found = CATALOG_SECTIONS.find((section) => listed?.[section] !== undefined);
    if (found !== undefined) return { registry: found, catalogName };
    const known = catalogs.map(({ name }) => name).join(", ") || "none, since the settings list no catalogs";
    throw usageError(`check tags: --catalog: found ${JSON.stringify(catalogName)}; allowed: ${known}`);
  }
  return { registry: CATALOG_SECTIONS.find((section) => section === registry) ?? CATALOG_SECTIONS[0] };
}

function defaults(): Settings {
  const content = { output: { file: "portolan.yml" }, stateDir: "." };
  const resolved = resolveSettings({ file: { name: "defaults", content }, environment: {}, flags: {} });
  if (resolved.kind === "resolved") return resolved.settings;
  throw new Error(resolved.errors.join("\n"));
}

/**
 * What the tags mean as YAML, or what is wrong with them. Secrets are masked, since people paste this text elsewhere, and what
 * the operator defines is left out: snippets may hold password hashes.
 */
function report(decision: Decision, operatorConfig: OperatorConfig, { traefik }: Settings): string {
  const { diagnostics } = decision;
  const body = renderChart(masked(withoutNames(withUnused(decision), operatorConfig.origins.keys())))
    .slice(CHART_HEADER.length)
    .trim();
  const parts = diagnostics.map(describe);
  if (body !== "") parts.push(dump(JSON.parse(body), { lineWidth: -1 }));
  else if (diagnostics.length === 0) {
    parts.push(`nothing: without the tag ${traefik.prefix}.enable=true the instance is hidden\n`);
  }
  return printableLines(parts.join("\n"));
}

/** With what no router of this one instance leads to, and the chart would leave out: routers of others may. */
function withUnused({ chart, memory }: Decision): DynamicConfig {
  const { sound = chart } = memory.references;
  return overlay(
    sectionsMade((section) => (isRouterSection(section) ? new Map() : sound[section])),
    chart,
  );
}

function masked(chart: DynamicConfig): DynamicConfig {
  return sectionsMade(
    (section) => new Map([...chart[section]].map(([name, object]) => [name, maskSecrets(section, object)])),
  );
}

function describe({ code, subject, message, remedy }: Diagnostic): string {
  const { tag, spot } = subject;
  const shown = tag === undefined ? [] : [`  ${tag}`, ...(spot === undefined ? [] : [`  ${caretLine(tag, spot)}`])];
  return `${[`${code}: ${subject.origin === undefined ? "" : `${subject.origin}: `}${message}`, ...shown, `  ${remedy}`].join("\n")}\n`;
}
