import { count } from "../../base/count.ts";
import { EXIT_CODES } from "../../base/errors.ts";
import { inputTitle } from "../../base/input-title.ts";
import { printable } from "../../base/printable.ts";
import { loadLedger } from "../../config/load.ts";
import { awaited, portTable } from "../../core/ports/inventory/port-table.ts";
import { formatRange } from "../../core/ports/port-range.ts";
import { surveyPorts } from "../../core/ports/survey.ts";
import { type Command, usageError } from "../command-line/command-line.ts";

/** Conflicts do not depend on which ports are dynamic. */
const ANY = { first: 1, last: 65_535 };

export const checkLedgerCommand: Command = {
  name: "check ledger",
  summary: "say what is wrong with a ledger of ports, or that nothing is",
  help: [
    "Reads a ledger as `run` would (- reads standard input) and looks for ports that it declares for two owners. Reads no catalog and writes no file.",
  ].join("\n"),
  operands: "FILE",
  flags: [],
  exitCodes: {
    0: "the ledger is sound",
    1: "it contradicts itself",
    78: "it has problems, each of which is listed",
  },
  async run(_, [file, ...others]) {
    if (file === undefined || others.length > 0)
      throw usageError("check ledger: name one file, for example ledger.yml, or - for standard input");
    const ledger = await loadLedger(file);
    const conflicts = portTable(surveyPorts([], { ports: { dynamic: ANY, ledger }, traefik: { prefix: "" } })).filter(
      ({ status }) => status === "Conflict",
    );
    const lines = conflicts.map(
      ({ ports, protocol, node, ...row }) =>
        `FAILED: ${inputTitle(file)}: ${formatRange(ports)}/${protocol} on ${node ?? "every node"} is declared for ${awaited(row).join(" and ")}`,
    );
    const sum = `SUCCESS: ${inputTitle(file)}: ${count(ledger.entries.length, "entry", "entries")}, ${count(ledger.groups.length, "group")}`;
    process.stdout.write((lines.length === 0 ? [sum] : lines).map((line) => `${printable(line)}\n`).join(""));
    return lines.length === 0 ? EXIT_CODES.ok : EXIT_CODES.failure;
  },
};
