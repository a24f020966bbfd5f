import { printable } from "../../../base/printable.ts";
import type { Settings } from "../../../config/files/schema.ts";
import { type SettingsFile, settingsFileTitle } from "../../../config/files/settings-file.ts";
import { CATALOG_SECTIONS } from "../../../config/resolve/choose-catalog.ts";
import type { Catalog } from "../../../core/catalog/snapshot.ts";
import { type FlagValues, usageError } from "../../command-line/command-line.ts";

/** In place of what settings need for charting, which a check does not ask for. */
export const NOT_CHARTING = { output: "unused.yml", "state-dir": "unused" } as const;

/** Says by which settings is judged, where no flag has named them. */
export function tellSettingsFile(file: SettingsFile | undefined): void {
  if (file === undefined || file.by === "--settings") return;
  process.stderr.write(`${printable(`judged by the settings in ${settingsFileTitle(file)}`)}\n`);
}

/** A catalog of the settings' list. */
export interface ListedCatalog {
  readonly catalog: Catalog;
  readonly catalogName: string;
}

/** The one that `--catalog` names, if it does. Throws AppError (exit code 64) for one that the settings do not list. */
export function namedCatalog(
  command: string,
  { catalog: catalogName }: FlagValues,
  { catalogs = [] }: Settings,
): ListedCatalog | undefined {
  if (catalogName === undefined) return undefined;
  const listed = catalogs.find(({ name }) => name === catalogName);
  const catalog = CATALOG_SECTIONS.find((section) => listed?.[section] !== undefined);
  if (catalog !== undefined) return { catalog, catalogName };
  const known = catalogs.map(({ name }) => name).join(", ") || "none, since the settings list no catalogs";
  throw usageError(`${command}: --catalog: found ${JSON.stringify(catalogName)}; allowed: ${known}`);
}
