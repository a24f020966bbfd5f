import { dump } from "js-yaml";
import { readOperatorConfig } from "../../../../app/inputs/operator-snippets.ts";
import { printable, printableLines } from "../../../../base/printable.ts";
import type { Settings } from "../../../../config/files/schema.ts";
import { findSettingsFile } from "../../../../config/files/settings-file.ts";
import { loadSettings } from "../../../../config/load.ts";
import { CATALOG_SECTIONS } from "../../../../config/resolve/choose-catalog.ts";
import { coreSettings } from "../../../../config/resolve/core-settings.ts";
import type { ServiceInstance } from "../../../../core/catalog/snapshot.ts";
import type { Decision } from "../../../../core/decision.ts";
import type { Diagnostic } from "../../../../core/diagnostics/diagnostics.ts";
import { initialMemory } from "../../../../core/memory.ts";
import type { OperatorConfig } from "../../../../core/operator-config/operator-config.ts";
import { overlay, withoutNames } from "../../../../core/operator-config/overlay.ts";
import { reconcile } from "../../../../core/reconcile.ts";
import { type DynamicConfig, isRouterSection, sectionsMade } from "../../../../core/traefik/chart/dynamic-config.ts";
import { CHART_HEADER, renderChart } from "../../../../core/traefik/chart/render.ts";
import { maskSecrets } from "../../../../core/traefik/mask-secrets.ts";
import type { FlagValues } from "../../../command-line/command-line.ts";
import { JSON_FLAG } from "../../../flags/check-flags.ts";
import { markedTag } from "../../../text/caret.ts";
import { NOT_CHARTING, namedCatalog, tellSettingsFile } from "../judging-settings.ts";
import { type Problem, problemText, tell } from "../report.ts";
import { type Judge, registered, type Stated, standInNote } from "./stand-in.ts";

/**
 * Reads the settings to judge by, and says so where no flag has named them. Throws AppError: exit code 78 where they cannot be
 * used, 64 for a catalog that they do not list.
 */
export async function judgeBy(command: string, flags: FlagValues): Promise<Judge> {
  const file = await findSettingsFile(flags, process.env);
  // Nor is what the environment says of catalogs asked for.
  const settings = await loadSettings(NOT_CHARTING, {}, file);
  tellSettingsFile(file);
  return { settings, ...catalogOf(command, flags, settings) };
}

/** Where they would be registered. */
function catalogOf(command: string, flags: FlagValues, settings: Settings): Omit<Judge, "settings"> {
  const { registry = CATALOG_SECTIONS[0] } = flags;
  const catalog = CATALOG_SECTIONS.find((section) => section === registry) ?? CATALOG_SECTIONS[0];
  return namedCatalog(command, flags, settings) ?? { catalog };
}

/**
 * Prints what a first chart would make of these instances alone, or what is wrong with them, and gives the exit code.
 *
 * @param howToPlace how the address of one is stated, for a reader who has not
 */
export async function tellInstances(
  {
    subject,
    stated,
    howToPlace,
  }: { readonly subject: string; readonly stated: readonly Stated[]; readonly howToPlace: string },
  judge: Judge,
  flags: FlagValues,
): Promise<number> {
  const { settings, catalogName } = judge;
  const instances = stated.map((one) => registered(judge, one));
  const note = standInNote(judge, instances, stated, howToPlace);
  if (note !== undefined) process.stderr.write(`${printable(note)}\n`);
  const operatorConfig = await readOperatorConfig(settings);
  const decision = judged(instances, { settings, operatorConfig, catalogName });
  const areMany = instances.length > 1;
  const problems = decision.diagnostics.map((one) => problemOf(one, areMany));
  if (flags[JSON_FLAG.name] !== undefined) return tell({ subject, problems }, flags);
  const parts = [...problems.map(problemText), ...meaning(decision, operatorConfig, settings)];
  process.stdout.write(printableLines(parts.join("\n")));
  return Number(problems.some(({ severity }) => severity === "error"));
}

/** What a pass decides of these instances alone, with nothing published before. */
export function judged(
  instances: readonly ServiceInstance[],
  by: {
    readonly settings: Settings;
    readonly operatorConfig: OperatorConfig;
    readonly catalogName?: string | undefined;
  },
): Decision {
  const { settings, operatorConfig, catalogName } = by;
  const named = catalogName === undefined ? {} : { catalogName };
  const decision = reconcile({
    operatorConfig,
    snapshots: [{ ...named, source: "command line", instances, freshness: "live", readAtMs: 0 }],
    previous: initialMemory(undefined),
    settings: coreSettings(settings),
    nowMs: 0,
  });
  // The services that snippets name in place of an address are in the catalog, which is not read here.
  return { ...decision, diagnostics: decision.diagnostics.filter(({ code }) => code !== "ADDRESS_UNRESOLVED") };
}

/**
 * What the instances mean as YAML. Secrets are masked, since people paste this text elsewhere, and what the operator defines is
 * left out: snippets may hold password hashes.
 */
function meaning(decision: Decision, operatorConfig: OperatorConfig, { traefik }: Settings): readonly string[] {
  const body = renderChart(masked(withoutNames(withUnused(decision), operatorConfig.origins.keys())))
    .slice(CHART_HEADER.length)
    .trim();
  if (body !== "") return [dump(JSON.parse(body), { lineWidth: -1 })];
  if (decision.diagnostics.length > 0) return [];
  return [`nothing: without the tag ${traefik.prefix}.enable=true the instance is hidden\n`];
}

/** With what no router of these instances leads to, and the chart would leave out: routers of others may. */
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

function problemOf({ code, severity, subject, message, remedy }: Diagnostic, areMany: boolean): Problem {
  const { origin, service } = subject;
  const place = origin ?? (areMany ? service : "");
  return { code, severity, place, message, remedy, shown: markedTag(subject) };
}
