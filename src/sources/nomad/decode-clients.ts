import { z } from "zod";
import { type ClientPorts, DEFAULT_DYNAMIC } from "../../core/ports/dynamic-range.ts";
import type { PortRange } from "../../core/ports/port-range.ts";
import { CatalogError } from "../catalog/catalog-error.ts";
import { PRODUCTS } from "../catalog/product.ts";
import { decodeAnswer } from "../http/decode-answer.ts";

const ENDPOINT = "/v1/nodes";

/** 0 and nothing stand for Nomad's default, as in its own scheduler (`NetworkIndex.SetNode`). */
const port = z.number().int().min(0).max(65_535).optional();

const clients = z.array(
  z.object({
    ID: z.string(),
    Name: z.string(),
    NodeResources: z.object({ MinDynamicPort: port, MaxDynamicPort: port }),
    ReservedResources: z.object({ Networks: z.object({ ReservedHostPorts: z.string() }) }).nullish(),
  }),
);

/**
 * `/v1/nodes?resources=true`: one entry for each client that Nomad knows, those that are drained or down, too, since what
 * runs there keeps its ports. Throws E_CATALOG_SHAPE for anything else, and where there is no client: then no port is
 * handed out, and no range follows.
 */
export function decodeClients(body: unknown): readonly ClientPorts[] {
  const found = decodeAnswer(clients, body, ENDPOINT, PRODUCTS.nomad).map(
    ({ ID, Name, NodeResources, ReservedResources }) => {
      const first = NodeResources.MinDynamicPort || DEFAULT_DYNAMIC.first;
      const last = NodeResources.MaxDynamicPort || DEFAULT_DYNAMIC.last;
      if (first > last)
        throw nothingToLearn(`client ${JSON.stringify(Name)} hands out ${first} to ${last}, which is none`);
      return {
        node: Name,
        id: ID,
        dynamic: { first, last },
        reserved: ranges(ReservedResources?.Networks.ReservedHostPorts),
      };
    },
  );
  if (found.length === 0) throw nothingToLearn("lists no client, so no port is handed out yet");
  return found;
}

function nothingToLearn(what: string): CatalogError {
  return new CatalogError("E_CATALOG_SHAPE", what);
}

/** `22,8000-8100`. Nomad has read it before us, so what is no port is left out. */
function ranges(text = ""): readonly PortRange[] {
  return text.split(",").flatMap((piece) => {
    const [, first, last = first] = /^\s*(\d{1,5})(?:-(\d{1,5}))?\s*$/.exec(piece) ?? [];
    return first === undefined ? [] : [{ first: Number(first), last: Number(last) }];
  });
}

/** `/v1/nodes`: the names of the clients that are being drained. Throws E_CATALOG_SHAPE for anything else. */
export function decodeDrainedClients(body: unknown): ReadonlySet<string> {
  const found = decodeAnswer(
    z.array(z.object({ Name: z.string(), Drain: z.boolean() })),
    body,
    ENDPOINT,
    PRODUCTS.nomad,
  );
  return new Set(found.filter(({ Drain }) => Drain).map(({ Name }) => Name));
}
