import { AppError } from "../../base/errors.ts";
import { namedByFiles } from "../../core/operator-config/catalog-address.ts";
import type { OperatorConfig } from "../../core/operator-config/operator-config.ts";
import type { ChosenCatalog } from "../catalogs/chosen.ts";
import type { OpenedCatalog } from "../catalogs/watched.ts";

/**
 * Whether a file names a service of this catalog in place of an address, so that it is read whatever its tags. May err by true.
 *
 * @param isFirst whether it is the first catalog of the settings, which is meant where a file names none
 * @param key of the service in the catalog's list: its name, in Nomad with the namespace before it
 */
export function isNamedByFiles(
  { config }: OperatorConfig,
  { name }: Pick<ChosenCatalog, "name">,
  isFirst: boolean,
  key: string,
): boolean {
  return namedByFiles(config).some(
    ({ service, namespace = "default", catalogName }) =>
      (catalogName === undefined ? isFirst : catalogName === name) &&
      (key === service || key === `${namespace}/${service}`),
  );
}

/** The names as one text: when it changes, services must be read that were none of ours before. */
export function namesInFiles({ config }: OperatorConfig): string {
  const names = namedByFiles(config).map(({ service, namespace, catalogName }) => [catalogName, namespace, service]);
  return JSON.stringify([...new Set(names.map((one) => JSON.stringify(one)))].toSorted());
}

/** Reads the catalogs again, since a change of a file wakes none of their queries. What does not answer is read by its watch. */
export async function readNamedServices(catalogs: readonly OpenedCatalog[], signal: AbortSignal): Promise<void> {
  await Promise.all(
    catalogs.map(async ({ source }) => {
      try {
        await source.confirm(signal);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
      }
    }),
  );
}
