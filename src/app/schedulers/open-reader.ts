import { PRODUCTS } from "../../sources/catalog/product.ts";
import type { CredentialReporter } from "../../sources/credentials/credential-reporter.ts";
import { createSchedulerReader, type SchedulerReader } from "../../sources/nomad/scheduler-reader.ts";
import { clientConnection } from "../catalogs/connection.ts";
import type { Scheduler } from "./schedulers.ts";

/** A few questions at a time, which never block. */
export const PLAIN_READS = { wait: 0, connectionBudget: 2, maxStale: 30_000 };

/** Opens nothing yet. Throws AppError (exit code 78) where a TLS file cannot be used. */
export function openSchedulerReader({ section, settings }: Scheduler, reporter: CredentialReporter): SchedulerReader {
  return createSchedulerReader({
    ...clientConnection(
      { ...PLAIN_READS, ...settings },
      { ...PRODUCTS.nomad, section },
      { ...reporter, requested() {} },
    ),
    ...(settings.region === undefined ? {} : { region: settings.region }),
  });
}
