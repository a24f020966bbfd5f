import { knowsNamespace, type Rights } from "../rights.ts";
import type { NomadQuery } from "./query.ts";

/** The namespaces in which a token may do anything. */
export function listNamespaces(rights: Rights): NomadQuery {
  return ({ namespaces }) => ({
    index: namespaces.index,
    watched: ["namespaces"],
    body: namespaces.rows().filter(({ Name }) => knowsNamespace(rights, Name)),
  });
}
