import { count } from "../../../base/count.ts";
import { parseLedger } from "../../../config/files/ledger-file.ts";
import { awaited, portTable } from "../../../core/ports/inventory/port-table.ts";
import type { Ledger } from "../../../core/ports/ledger.ts";
import { formatRange } from "../../../core/ports/port-range.ts";
import { surveyPorts } from "../../../core/ports/survey.ts";
import type { Command } from "../../command-line/command-line.ts";
import { oneFile, problemsOf, readYamlDocument } from "./input.ts";
import { CHECK_EXIT_CODES, JSON_FLAG, type Problem, tell } from "./report.ts";

/** Conflicts do not depend on which ports are dynamic. */
const ANY = { first: 1, last: 65_535 };

export const checkLedgerCommand: Command = {
  name: "check ledger",
  summary: "say what is wrong with a ledger of ports, or that nothing is",
  help: "Reads a ledger as `run` would and looks for ports that it declares for two owners. Reads no catalog.",
  operands: "FILE|-",
  flags: [JSON_FLAG],
  exitCodes: CHECK_EXIT_CODES,
  async run(flags, operands) {
    const subject = oneFile("check ledger", operands, "ledger.yml");
    const read = await readYamlDocument(subject);
    if (read.kind === "refused") return tell({ subject, problems: [read.problem] }, flags);
    const parsed = parseLedger(read.value.content, subject);
    if (parsed.kind === "refused")
      return tell({ subject, problems: problemsOf("LEDGER_INVALID", parsed.errors, read.value.text) }, flags);
    const { entries, groups } = parsed.ledger;
    const details = [`${count(entries.length, "entry", "entries")}, ${count(groups.length, "group")}`];
    return tell({ subject, problems: conflictsIn(parsed.ledger), details }, flags);
  },
};

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
