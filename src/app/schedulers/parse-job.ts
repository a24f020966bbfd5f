import { AppError, EXIT_CODES } from "../../base/errors.ts";
import { badSettings } from "../../config/bad-settings.ts";
import type { Settings } from "../../config/files/schema.ts";
import { resolveSettings } from "../../config/resolve/resolve.ts";
import { PRODUCTS } from "../../sources/catalog/product.ts";
import type { ParsedJob } from "../../sources/nomad/job-parser.ts";
import { clientConnection } from "../catalogs/connection.ts";
import { PLAIN_READS } from "./open-reader.ts";
import { allocationSchedulers, nameOf, type Scheduler } from "./schedulers.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * A Nomad that can parse a job file: the one at this address, else the first that the settings name, else the environment's.
 * Throws AppError (exit code 78) for an address that is none.
 */
export function parsingNomad(
  settings: Settings,
  address: string | undefined,
  environment: Environment,
): Scheduler | undefined {
  const [listed] = address === undefined ? allocationSchedulers(settings) : [];
  const named = address ?? environment["NOMAD_ADDR"];
  if (listed !== undefined || named === undefined || named === "") return listed;
  // Token and certificates as Nomad's own command has them.
  const flags = { "nomad-addr": named, output: "unused.yml", "state-dir": "unused" };
  const resolved = resolveSettings({ environment, flags });
  if (resolved.kind === "refused") throw badSettings(resolved.errors.join("\n"));
  const { nomad } = resolved.settings;
  return { section: "nomad", settings: { ...nomad, address: nomad.address ?? named }, isCatalog: false };
}

/** What Nomad's own parser makes of a file. Throws AppError: exit code 69 where it does not answer, 78 for its TLS files. */
export async function parseJobFile(scheduler: Scheduler, hcl: string): Promise<ParsedJob> {
  const { createJobParser } = await import("../../sources/nomad/job-parser.ts");
  const { section, settings } = scheduler;
  const parser = createJobParser({
    ...clientConnection({ ...PLAIN_READS, ...settings }, { ...PRODUCTS.nomad, section }, SILENT),
    ...(settings.region === undefined ? {} : { region: settings.region }),
  });
  try {
    return await parser.parse(hcl, new AbortController().signal);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new AppError(
      `Nomad at ${nameOf(scheduler)} does not read the job: ${error.message}; or convert it: nomad job run -output FILE | portolan check job -`,
      { code: error.code, retryable: true, exitCode: EXIT_CODES.unavailable },
    );
  } finally {
    parser.close();
  }
}

const SILENT = { requested() {}, credentialsRenewed() {}, credentialsWarned() {} };
