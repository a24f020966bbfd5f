import { readBoundedRegular } from "../../base/bounded-file.ts";
import { AppError, EXIT_CODES } from "../../base/errors.ts";
import { parseYaml } from "../../base/yaml-text.ts";
import { parsePolicy } from "../../config/files/policy-file.ts";
import type { Settings } from "../../config/files/schema.ts";
import { coreSettings } from "../../config/resolve/core-settings.ts";
import { resolveSettings, type SettingsInput } from "../../config/resolve/resolve.ts";
import { writeSettings } from "../../config/written/written-settings.ts";
import type { CatalogSnapshot, ServiceInstance } from "../../core/catalog/snapshot.ts";
import type { Decision } from "../../core/decision.ts";
import { initialMemory } from "../../core/memory.ts";
import { DEFAULT_DYNAMIC } from "../../core/ports/dynamic-range.ts";
import { formatRange, type PortRange } from "../../core/ports/port-range.ts";
import { reconcile } from "../../core/reconcile.ts";
import { NOTHING_OPENED, type Opened, openedByRemedies } from "../../migrate/opened.ts";
import type { Provider } from "../../migrate/providers.ts";
import {
  type ProviderReference,
  referencesInFile,
  referencesInStatic,
  referencesInTags,
} from "../../migrate/references.ts";
import { parseStatic } from "../../migrate/static-config.ts";
import { migrateStatic, type OptionNote, type RunningTraefik } from "../../migrate/static-migration.ts";
import { migratedPolicy, migratedSettings, type PolicyPlace, settingsFile } from "../../migrate/written-migration.ts";
import { filesBeside } from "../../neighbours/directory-files.ts";
import { readCatalogs } from "../catalogs/read-catalogs-once.ts";
import { readDynamicPorts } from "../dynamic-ports/read-dynamic-ports-once.ts";

export interface MigrateInput {
  /** The file with Traefik's static configuration. */
  readonly path: string;
  readonly from: Provider;
  /** What Traefik's API tells, where it was asked. */
  readonly running: RunningTraefik | undefined;
  /** Flags and environment by which the catalog is reached, beside what the static configuration says. */
  readonly flags: SettingsInput["flags"];
  readonly environment: SettingsInput["environment"];
}

/** Settings in place of a provider of Traefik's, and what a person should know of them. */
export interface Migration {
  /** The content of the settings file, which names the policy where it lies beside it. */
  settings(policy: PolicyPlace): string;
  /** The content of the policy that it names; undefined where no host is shared. */
  readonly policy: string | undefined;
  readonly notes: readonly OptionNote[];
  readonly references: readonly ProviderReference[];
  readonly opened: Opened;
  /** What portolan decides with them. */
  readonly decision: Decision;
  /** Of how many services the catalog has instances. */
  readonly services: number;
  /** What could not be looked at. */
  readonly unread: readonly string[];
}

/**
 * Reads Traefik's static configuration and the catalog, and writes settings of the same meaning. Throws AppError: exit code 78
 * where the file is none of Traefik's or lacks the provider, 69 where the catalog does not answer.
 */
export async function migrate({ path, from, running, flags, environment }: MigrateInput): Promise<Migration> {
  const found = await readBoundedRegular(path);
  if (found.kind === "unreadable") {
    throw badFile(
      `--traefik-static: ${path} cannot be read (${found.reason}); name the file with Traefik's static configuration`,
    );
  }
  const parsed = parseStatic(found.text, path);
  if (parsed.kind === "refused") throw badFile(`--traefik-static: ${path} ${parsed.fault}`);
  const migrated = migrateStatic(parsed.options, from, running);
  if (migrated.kind === "refused") {
    const configured = migrated.configured.length === 0 ? "none" : migrated.configured.join(", ");
    throw badFile(
      `--from ${from}: ${path} configures no such provider (providers: ${configured}); name the one that is to be replaced`,
    );
  }
  const resolve = (opened: Opened): Settings => {
    const written = writeSettings(migratedSettings(migrated, opened, "none"));
    const yaml = parseYaml(written);
    const content = yaml.kind === "parsed" ? yaml.documents[0] : undefined;
    const resolved = resolveSettings({ file: { name: path, content }, environment, flags });
    if (resolved.kind === "refused") {
      throw badFile(
        `what ${path} says makes no settings that portolan can use:\n${resolved.errors.map((one) => `  ${one}`).join("\n")}`,
      );
    }
    const policy = migratedPolicy(opened);
    return policy === undefined ? resolved.settings : { ...resolved.settings, loadedPolicy: policyOf(policy) };
  };
  const reading = resolve(NOTHING_OPENED);
  const instances = await readCatalogs(reading);
  const { ports, notes: unreadPorts } = await dynamicPorts(reading);
  const snapshots = snapshotsOf(instances);
  const { opened, decision } = openedByRemedies((lines) =>
    reconcile({
      snapshots,
      previous: initialMemory(undefined),
      settings: coreSettings(resolve(lines), ports),
      nowMs: 0,
    }),
  );
  const beside = await referencesBeside(migrated.directory, migrated.fileName);
  const settings = (policy: PolicyPlace) => {
    const written = migratedSettings(migrated, opened, opened.rules.length === 0 ? "none" : policy);
    return settingsFile(written, { from, source: path, tooWide: opened.tooWide });
  };
  return {
    settings,
    policy: migratedPolicy(opened),
    notes: migrated.notes,
    references: [
      ...referencesInTags(instances, reading.traefik.prefix),
      ...beside.references,
      ...referencesInStatic(parsed.options),
    ],
    opened,
    decision,
    services: new Set(instances.map(({ namespace, service }) => `${namespace}/${service}`)).size,
    unread: [...unreadPorts, ...beside.unread],
  };
}

/** Without Nomad's word the default counts, and the report says so. */
async function dynamicPorts(
  settings: Settings,
): Promise<{ readonly ports: PortRange; readonly notes: readonly string[] }> {
  try {
    return { ports: (await readDynamicPorts(settings)).range.ports, notes: [] };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { ports: DEFAULT_DYNAMIC, notes: [`${error.message}; ${formatRange(DEFAULT_DYNAMIC)} is taken until then`] };
  }
}

function policyOf(text: string) {
  const yaml = parseYaml(text);
  const parsed = parsePolicy(yaml.kind === "parsed" ? yaml.documents[0] : undefined);
  if (parsed.kind === "refused") throw new Error(parsed.errors.join("\n"));
  return parsed.policy;
}

function snapshotsOf(instances: readonly ServiceInstance[]): readonly CatalogSnapshot[] {
  const byCatalog = Map.groupBy(instances, ({ catalogName }) => catalogName);
  if (byCatalog.size === 0) byCatalog.set(undefined, []);
  return [...byCatalog].map(([catalogName, own]) => ({
    ...(catalogName === undefined ? {} : { catalogName }),
    ...{ source: "migrate", instances: own, freshness: "live", readAtMs: 0 },
  }));
}

/** References in the files of Traefik's file provider. */
async function referencesBeside(directory: string | undefined, fileName: string | undefined) {
  const unread: string[] = [];
  const references: ProviderReference[] = [];
  const beside = directory === undefined ? undefined : await filesBeside(`${directory}/portolan.yml`);
  const files = beside?.files ?? (fileName === undefined ? [] : [{ kind: "file" as const, path: fileName }]);
  if (beside?.cut !== undefined) unread.push(`${directory}: ${beside.cut}`);
  for (const file of files) {
    const found = file.kind === "file" ? await readBoundedRegular(file.path) : file;
    if (!("text" in found)) unread.push(`${file.path}: ${found.reason}`);
    // A template may hold anything; the names in it are what they are.
    else references.push(...referencesInFile(found.text, file.path));
  }
  if (directory !== undefined && beside?.files.length === 0 && beside.directories.length === 1) {
    unread.push(`${directory}: no file is there; run this where Traefik's file provider reads it`);
  }
  return { references, unread };
}

function badFile(message: string): AppError {
  return new AppError(message, { code: "E_TRAEFIK_STATIC", retryable: false, exitCode: EXIT_CODES.badSettings });
}
