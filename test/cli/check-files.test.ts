import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { checkLedgerCommand } from "../../src/cli/commands/check-ledger.ts";
import { checkPolicyCommand } from "../../src/cli/commands/check-policy.ts";

let folder: string;
let written: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "portolan-check-"));
  written = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    written += String(text);
    return true;
  });
});
afterEach(() => rmSync(folder, { recursive: true }));

const CLEAR_SCREEN = "\u001b[2J";

test.each([
  [
    "check ledger",
    checkLedgerCommand,
    {
      ports: ["a", "b"].map((owner) => ({
        ports: 53,
        owner: `${owner}${CLEAR_SCREEN}`,
        exposure: "internal",
        purpose: "x",
      })),
    },
  ],
  ["check policy", checkPolicyCommand, { rules: [{ service: `web${CLEAR_SCREEN}`, hosts: ["a.example.org"] }] }],
])("%s lets no control character of a file reach the terminal", async (_, command, content) => {
  const file = join(folder, "file.yml");
  writeFileSync(file, JSON.stringify(content));
  await command.run({}, [file]);
  expect(written).toContain("\\u001b[2J");
  expect(written).not.toContain("\u001b");
});
