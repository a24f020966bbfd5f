import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { expect, test } from "vitest";
import { parseLedger } from "../../src/config/files/ledger-file.ts";

const PORTS_PAGE = readFileSync(join(import.meta.dirname, "../../docs/ports.md"), "utf8");

test("the ledger that docs/ports.md shows is sound", () => {
  const ledgers = [...PORTS_PAGE.matchAll(/^```yaml\n(.*?)^```$/gms)]
    .map(([, text = ""]) => load(text))
    .filter((content) => typeof content === "object" && content !== null && "groups" in content);
  expect(ledgers).toHaveLength(1);
  expect(parseLedger(ledgers[0], "ledger.yml")).toMatchObject({ kind: "sound" });
});
