import { readCatalogs } from "../../../app/catalogs/read-catalogs-once.ts";
import {
  type KnownPorts,
  readDynamicPorts,
  readNomadClients,
} from "../../../app/dynamic-ports/read-dynamic-ports-once.ts";
import { readOperatorConfig } from "../../../app/inputs/operator-snippets.ts";
import { readObserved } from "../../../app/observed/read-observed.ts";
import { AppError } from "../../../base/errors.ts";
import { printable } from "../../../base/printable.ts";
import type { Settings } from "../../../config/files/schema.ts";
import { loadSettings } from "../../../config/load.ts";
import { coreSettings } from "../../../config/resolve/core-settings.ts";
import type { ServiceInstance } from "../../../core/catalog/snapshot.ts";
import type { OperatorConfig } from "../../../core/operator-config/operator-config.ts";
import type { ClientPorts, DynamicRange } from "../../../core/ports/dynamic-range.ts";
import { formatRange } from "../../../core/ports/port-range.ts";
import { type PortSurvey, surveyPorts } from "../../../core/ports/survey.ts";
import { staticPortsOf } from "../../../core/static-entries/static-places.ts";
import { jsonText } from "./document-output.ts";

type Flags = Readonly<Record<string, string | undefined>>;

/** What a site has planned, and what is registered. */
export interface SurveyedSite {
  readonly settings: Settings;
  readonly survey: PortSurvey;
  /** What settings and snippets define. */
  readonly operatorConfig: OperatorConfig;
}

/** Settings, ledger, dynamic range and catalog as they are now. Throws AppError: 78 bad settings, ledger or observed file, 69 no answer. */
export async function takeSurvey(flags: Flags): Promise<KnownPorts & SurveyedSite> {
  const settings = await loadForReading(flags);
  const { observed: file } = flags;
  const observed = file === undefined ? [] : await readObserved(file);
  const { instances, ...known } = await readPortsAndInstances(settings);
  const operatorConfig = await readOperatorConfig(settings);
  const statics = staticPortsOf(operatorConfig);
  return {
    ...known,
    settings,
    operatorConfig,
    survey: surveyPorts(instances, coreSettings(settings, known.range.ports), statics, observed),
  };
}

/** The dynamic range, and all that is registered, with the names of nodes that people know. Throws AppError: 69 no answer. */
export async function readPortsAndInstances(
  settings: Settings,
): Promise<KnownPorts & { readonly instances: readonly ServiceInstance[] }> {
  const [known, read] = await Promise.all([readDynamicPorts(settings), readCatalogs(settings)]);
  const clients = known.clients.length > 0 ? known.clients : await clientsIfTold(settings, read);
  return { ...known, instances: withNodeNames(read, clients) };
}

/** Nomad's own registrations name nodes by their ids; the ledger and people name them otherwise. */
function withNodeNames(
  instances: readonly ServiceInstance[],
  clients: readonly ClientPorts[],
): readonly ServiceInstance[] {
  const names = new Map(clients.map(({ id, node }) => [id, node]));
  return instances.map((instance) => {
    const name = instance.catalog === "nomad" ? names.get(instance.nodeId) : undefined;
    return name === undefined ? instance : { ...instance, node: name };
  });
}

/** Where the settings name the dynamic range no Nomad was asked for it. Without the right the nodes keep their ids. */
async function clientsIfTold(
  settings: Settings,
  instances: readonly ServiceInstance[],
): Promise<readonly ClientPorts[]> {
  if (!instances.some(({ catalog }) => catalog === "nomad")) return [];
  try {
    return await readNomadClients(settings);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    process.stderr.write(
      `${printable(`portolan: nodes are named by their ids: ${error.message}; give the token node { policy = "read" }`)}\n`,
    );
    return [];
  }
}

/** Settings with the ledger, for commands that write nothing. Throws AppError: 78 bad settings or ledger. */
export async function loadForReading(flags: Flags): Promise<Settings> {
  // A command that only reads needs no output; the schema does.
  return loadSettings({ ...flags, output: "unused.yml", "state-dir": "unused" }, process.env);
}

/** The line below a table that says which ports are dynamic, and where that comes from. */
export function rangeLine({ ports, origin }: DynamicRange): string {
  return `\nDynamic ports: ${formatRange(ports)} (${printable(origin)})\n`;
}

/** Prints the result as JSON or the text, by the flag `format`. */
export function printResult({ format }: Flags, result: unknown, text: string): void {
  process.stdout.write(format === "json" ? jsonText(result) : text);
}
