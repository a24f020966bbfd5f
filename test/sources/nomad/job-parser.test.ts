import { afterEach, expect, test } from "vitest";
import { clientConnection } from "../../../src/app/catalogs/connection.ts";
import { createNomadCatalog, type JobParsing } from "../../../src/simulator/nomad/catalog.ts";
import { startNomadServer } from "../../../src/simulator/nomad/server.ts";
import type { CatalogServer } from "../../../src/simulator/server.ts";
import { PRODUCTS } from "../../../src/sources/catalog/product.ts";
import { createJobParser, type ParsedJob } from "../../../src/sources/nomad/job-parser.ts";

let server: CatalogServer | undefined;
afterEach(() => server?.close());

async function parse(hcl: string, parseJob?: JobParsing): Promise<ParsedJob> {
  server = await startNomadServer({ catalog: createNomadCatalog(parseJob === undefined ? {} : { parseJob }) });
  const settings = {
    address: server.url,
    wait: 0,
    connectionBudget: 2,
    maxStale: 30_000,
    tls: { insecureSkipVerify: false },
  };
  const reporter = { requested() {}, credentialsRenewed() {}, credentialsWarned() {} };
  const parser = createJobParser(clientConnection(settings, PRODUCTS.nomad, reporter));
  try {
    return await parser.parse(hcl, new AbortController().signal);
  } finally {
    parser.close();
  }
}

test("a job is what Nomad makes of the file, whatever is quoted in it", async () => {
  const hcl = 'job "a" { "\\" \u2028 <<EOF';
  expect(await parse(hcl, async (text) => ({ ID: text, TaskGroups: [] }))).toEqual({
    kind: "parsed",
    job: { ID: hcl, TaskGroups: [] },
  });
});

test("what the parser refuses is no error of the connection, and its words are whole", async () => {
  const words = `unset variable <image>: ${"x".repeat(500)}`;
  expect(await parse("job", () => Promise.reject(new Error(words)))).toEqual({ kind: "refused", reason: words });
});

test("an answer that is no job, and any other status, are errors", async () => {
  await expect(parse("job", async () => [])).rejects.toMatchObject({ code: "E_CATALOG_SHAPE", exitCode: 69 });
  await server?.close();
  await expect(parse("job")).rejects.toMatchObject({ code: "E_CATALOG_STATUS", exitCode: 69 });
});
