import { parseLedger } from "../../src/config/files/ledger-file.ts";
import type { Ledger } from "../../src/core/ports/ledger/ledger.ts";

/** A ledger from the content of its file, `ledger.yml`. */
export function ledger(content: unknown): Ledger {
  const parsed = parseLedger(content, "ledger.yml");
  if (parsed.kind === "refused") throw new Error(parsed.errors.join("\n"));
  return parsed.ledger;
}
