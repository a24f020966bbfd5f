import { PRODUCTS } from "../../sources/catalog/product.ts";
import type { CredentialReporter } from "../../sources/credentials/credential-reporter.ts";
import { type ClientsReader, createClientsReader } from "../../sources/nomad/clients-reader.ts";
import { clientConnection } from "../catalogs/connection.ts";
import type { NomadSection } from "./nomads-to-ask.ts";

/** One question at a time, which never blocks. */
const PLAIN_READS = { wait: 0, connectionBudget: 1, maxStale: 30_000 };

/** Opens nothing yet. Throws AppError (exit code 78) where a TLS file cannot be used. */
export function openClientsReader({ section, settings }: NomadSection, reporter: CredentialReporter): ClientsReader {
  return createClientsReader({
    ...clientConnection(
      { ...PLAIN_READS, ...settings },
      { ...PRODUCTS.nomad, section },
      { ...reporter, requested() {} },
    ),
    ...(settings.region === undefined ? {} : { region: settings.region }),
  });
}
