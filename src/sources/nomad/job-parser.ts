import { z } from "zod";
import { PRODUCTS, type Product } from "../catalog/product.ts";
import { type CatalogConnection, type CatalogQuery, createCatalogHttp } from "../http/catalog-http.ts";
import { decodeAnswer } from "../http/decode-answer.ts";
import { pathWithParameters } from "./path-with-parameters.ts";

/** What Nomad makes of a job file. */
export type ParsedJob =
  | { readonly kind: "parsed"; readonly job: unknown }
  /** In the parser's own words. */
  | { readonly kind: "refused"; readonly reason: string };

/** Nomad where it parses a file: it stores nothing, and has no index. */
const NOMAD_PARSER: Product = {
  ...PRODUCTS.nomad,
  indexZero: undefined,
  rights: 'the token needs the capability "parse-job" in the namespace',
};

export interface JobParser {
  /** Rejects with a CatalogError only. */
  parse(hcl: string, signal: AbortSignal): Promise<ParsedJob>;
  close(): void;
}

/** Nomad's own parser, `/v1/jobs/parse`: the job as the file has it, with the defaults of what it leaves out. */
export function createJobParser(
  options: CatalogConnection & { readonly region?: string; readonly namespace?: string },
): JobParser {
  const { region, namespace } = options;
  const { read, close } = createCatalogHttp(options, NOMAD_PARSER);
  return {
    async parse(hcl, signal) {
      const query: CatalogQuery<ParsedJob> = {
        endpoint: "/v1/jobs/parse",
        ask: (request) =>
          request.post(pathWithParameters("/jobs/parse", { region, namespace }, request), {
            JobHCL: hcl,
            Canonicalize: true,
          }),
        decode: (body) => ({
          kind: "parsed",
          job: decodeAnswer(z.looseObject({ TaskGroups: z.unknown() }), body, "/v1/jobs/parse", PRODUCTS.nomad),
        }),
        // Every other status is about the request, and not about the file.
        refused: (status, text) => (status === 400 ? { kind: "refused", reason: text } : undefined),
      };
      return (await read(query, { index: 0n, consistency: "default", signal })).value;
    },
    close,
  };
}
