import { edgeCore } from "../../../../app/edges/edge-core.ts";
import { readCatalogs } from "../../../../app/explain/read-catalogs.ts";
import { readOperatorConfig } from "../../../../app/inputs/operator-snippets.ts";
import { parsingNomad } from "../../../../app/schedulers/parse-job.ts";
import type { Settings } from "../../../../config/files/schema.ts";
import { findSettingsFile } from "../../../../config/files/settings-file.ts";
import { loadSettings } from "../../../../config/load.ts";
import { coreSettings } from "../../../../config/resolve/core-settings.ts";
import type { Catalog } from "../../../../core/catalog/snapshot.ts";
import type { JudgedService } from "../../../../job/asked-service.ts";
import { type JobFinding, servicePlace } from "../../../../job/finding.ts";
import type { Job } from "../../../../job/job.ts";
import { type JudgedJob, judgeJob } from "../../../../job/judge-job.ts";
import type { FlagValues } from "../../../command-line/command-line.ts";
import { markedTag } from "../../../text/caret.ts";
import { oneFile, readText } from "../input.ts";
import { registered } from "../instances/stand-in.ts";
import { NOT_CHARTING, namedCatalog, tellSettingsFile } from "../judging-settings.ts";
import { type Problem, tell } from "../report.ts";
import { readJob } from "./read-job.ts";
import { askAround, type Surroundings } from "./surroundings.ts";

/** Does what `checkJobCommand` says. Resolves to the exit code. */
export async function run(flags: FlagValues, operands: readonly string[]): Promise<number> {
  const subject = oneFile("check job", operands, "web.nomad.json");
  const read = await readText(subject);
  if (read.kind === "refused") return tell({ subject, problems: [read.problem] }, flags);
  const { settings, isFound } = await settingsToJudgeBy(flags);
  const input = await readJob(read.value, parsingNomad(settings, flags["nomad-addr"], process.env));
  if (input.kind === "refused") return tell({ subject, problems: input.problems }, flags);
  const names = catalogNames(flags, settings);
  const around = await askAround(input.job, settings);
  const judged = await judge(input.job, { settings, isFound, names, around });
  const problems = [...judged.findings.map(problemOf), ...around.notes];
  return tell({ subject, problems, details: judged.services.map(outcome) }, flags);
}

interface JudgedBy {
  readonly settings: Settings;
  /** There are settings, so that what they do not chart is not charted. */
  readonly isFound: boolean;
  readonly names: CatalogNames;
  readonly around: Surroundings;
}

async function judge(job: Job, { settings, isFound, names, around }: JudgedBy): Promise<JudgedJob> {
  const core = coreSettings(settings, around.dynamic);
  return judgeJob(job, {
    ...around,
    settings: core,
    edges: settings.edges.map((edge) => edgeCore(edge, () => core)()),
    operatorConfig: await readOperatorConfig(settings),
    charted: isFound
      ? readCatalogs(settings).map(({ product, namespaces }) => ({ kind: product, namespaces }))
      : undefined,
    acls: hasConsulToken(settings) ? "on" : "unknown",
    register: (catalog, stated) => {
      const catalogName = names[catalog];
      const where = catalogName === undefined ? {} : { catalogName };
      return registered({ settings, catalog, ...where }, { ...stated, ...where });
    },
  });
}

/** The settings, and whether there are any. A Nomad of the operator's own environment is none that is charted. */
async function settingsToJudgeBy(flags: FlagValues): Promise<{ settings: Settings; isFound: boolean }> {
  const file = await findSettingsFile(flags, process.env);
  tellSettingsFile(file);
  const { NOMAD_ADDR: _, ...environment } = process.env;
  const settings = await loadSettings(NOT_CHARTING, file === undefined ? process.env : environment, file);
  return { settings, isFound: file !== undefined };
}

/** The catalog of the settings' list in which a service of each kind would be registered. */
type CatalogNames = Readonly<Partial<Record<Catalog, string>>>;

/** The first of its kind, or the one that is named. Throws AppError (exit code 64) for one that the settings do not list. */
function catalogNames(flags: FlagValues, settings: Settings): CatalogNames {
  const { catalogs = [] } = settings;
  const first = (kind: Catalog) => catalogs.find((one) => one[kind] !== undefined)?.name;
  const names = { consul: first("consul"), nomad: first("nomad") };
  const named = namedCatalog("check job", flags, settings);
  if (named !== undefined) names[named.catalog] = named.catalogName;
  return Object.fromEntries(Object.entries(names).filter(([, name]) => name !== undefined));
}

function hasConsulToken({ consul, catalogs = [] }: Settings): boolean {
  return [consul, ...catalogs.flatMap((one) => one.consul ?? [])].some(
    ({ token, tokenFile, login }) => token !== undefined || tokenFile !== undefined || login !== undefined,
  );
}

function problemOf({ tag, spot, ...finding }: JobFinding): Problem {
  return { ...finding, shown: markedTag({ tag, spot }) };
}

/** What becomes of a service, in one line. */
function outcome({ group, service, port, routes, isAsking, instance }: JudgedService): string {
  const place = `${servicePlace(group, service)}:`;
  if (routes.length === 0) return `${place} ${isAsking ? "not routed" : "asks for no route"}`;
  const [first] = routes;
  const ways = routes.map(({ key, rule, entryPoints, edge }) =>
    [
      ...[key, rule, entryPoints.length === 0 ? "" : `at ${entryPoints.join(", ")}`],
      edge === undefined ? "" : `in the chart of edge ${edge}`,
    ]
      .filter((part) => part !== "")
      .join(" "),
  );
  const isPicked = port.kind === "registered" && port.asked !== undefined && port.asked.static === undefined;
  const number = isPicked ? "that Nomad picks" : String(instance?.port ?? "");
  return first === undefined ? place : `${place} ${ways.join("; ")}, to port ${service.portLabel} ${number}`.trimEnd();
}
