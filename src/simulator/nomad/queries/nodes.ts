import type { NomadQuery } from "./query.ts";

/** The clients. Their ports are shown where the request asks for resources; how long a drain may take, only of one alone. */
export function listNodes(hasResources: boolean): NomadQuery {
  return ({ nodes }) => ({
    index: nodes.index,
    watched: ["nodes"],
    body: nodes.rows().map(({ NodeResources, ReservedResources, DrainStrategy: _, ...row }) => ({
      ...row,
      ...(hasResources ? { NodeResources, ReservedResources } : {}),
    })),
  });
}

/** One client by its ID. */
export function readNode(id: string): NomadQuery {
  return ({ nodes }) => {
    const row = nodes.rows().find(({ ID }) => ID === id);
    if (row === undefined) return { index: nodes.index, watched: ["nodes"], body: null, missing: "node not found" };
    return { index: row.ModifyIndex, watched: ["nodes"], body: row };
  };
}
