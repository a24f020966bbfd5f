import { dump } from "js-yaml";
import type { Plain } from "../support/oracle.ts";
import type { CatalogCase } from "./generators/catalogs.ts";

/** A case as a golden case that expects what Traefik's own provider made of it. */
export function goldenCase({ options, nodes, instances }: CatalogCase, config: Plain): string {
  return dump(
    {
      description: "found by comparing with Traefik's own provider",
      settings: { compat: "traefik", traefik: options },
      services: instances.map(({ service, id, node, address, port, tags, checks }) => {
        const on = nodes[node];
        const all = [...(on?.checks ?? []), ...checks];
        return {
          service,
          id,
          node: on?.name,
          ...(on?.id === "" ? { nodeId: "" } : {}),
          nodeAddress: on?.address,
          ...(address === "" ? {} : { address }),
          port,
          tags,
          checks: all.length === 0 ? "none" : Object.fromEntries(all.map((check) => [check.id, check.status])),
        };
      }),
      expected: config,
    },
    { lineWidth: 120 },
  );
}
