/** Files that have a published schema. */
export const PUBLISHED_SCHEMA_NAMES = ["settings", "policy", "ledger"] as const;

export type PublishedSchemaName = (typeof PUBLISHED_SCHEMA_NAMES)[number];
