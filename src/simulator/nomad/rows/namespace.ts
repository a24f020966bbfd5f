import type { Indexes } from "./indexes.ts";

export interface NamespaceDefinition {
  readonly Name: string;
  /** Default: empty. */
  readonly Description?: string;
}

/** A namespace in the shape in which Nomad's API lists it. */
export type NamespaceRow = ReturnType<typeof namespaceRow>;

export function namespaceRow({ Name, Description = "" }: NamespaceDefinition, indexes: Indexes) {
  return {
    Capabilities: null,
    ConsulConfiguration: null,
    ...indexes,
    Description,
    Hash: "",
    Meta: null,
    Name,
    NodePoolConfiguration: null,
    OptionalExtraClaims: null,
    Quota: "",
    RequiredExtraClaims: null,
    VaultConfiguration: null,
  };
}
