import { count } from "../../../base/count.ts";
import { parseLedger } from "../../../config/files/ledger-file.ts";
import { awaited, portTable } from "../../../core/ports/inventory/port-table.ts";
import type { Ledger } from "../../../core/ports/ledger/ledger.ts";
import { formatRange } from "../../../core/ports/port-range.ts";
import { surveyPorts } from "../../../core/ports/survey.ts";
import type { FlagValues } from "../../command-line/command-line.ts";
import type { Problem } from "./report.ts";
import { checkYamlFile, type JudgedContent } from "./yaml-file-check.ts";

/** Conflicts do not depend on which ports are dynamic. */
const ANY = { first: 1, last: 65_535 };

/** Does what `checkLedgerCommand` says. Resolves to the exit code. */
export function run(flags: FlagValues, operands: readonly string[]): Promise<number> {
  const check = { name: "check ledger", example: "ledger.yml", invalid: "LEDGER_INVALID", judge };
  return checkYamlFile(check, flags, operands);
}

function judge(content: unknown, subject: string): JudgedContent {
  const parsed = parseLedger(content, subject);
  if (parsed.kind === "refused") return parsed;
  const { entries, groups } = parsed.ledger;
  const details = [`${count(entries.length, "entry", "entries")}, ${count(groups.length, "group")}`];
  return { kind: "sound", problems: conflictsIn(parsed.ledger), details };
}

function conflictsIn(ledger: Ledger): readonly Problem[] {
  const table = portTable(surveyPorts([], { ports: { dynamic: ANY, ledger }, traefik: { prefix: "" } }));
  return table
    .filter(({ status }) => status === "Conflict")
    .map(({ ports, protocol, node, ...row }) => ({
      code: "LEDGER_CONFLICT",
      severity: "error" as const,
      place: `${formatRange(ports)}/${protocol}`,
      message: `on ${node ?? "every node"} it is declared for ${awaited(row).join(" and ")}`,
      remedy: "declare it for one of them, or name the nodes of each",
    }));
}
