/** The parts of the ledger's document, in its order. */
export const DOCUMENT_PARTS = [
  "quick-reference",
  "namespaces",
  "future",
  "classes",
  "ranges",
  "reserved-ports",
  "rules",
  "access",
  "risks",
  "flows",
  "segments",
  "environment",
] as const;

export type DocumentPart = (typeof DOCUMENT_PARTS)[number];
