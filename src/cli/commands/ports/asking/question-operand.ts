import type { Question } from "../../../../core/ports/inventory/asking/answer.ts";
import { PROTOCOLS, type Protocol } from "../../../../core/ports/ledger/ledger.ts";
import { type FlagValues, usageError } from "../../../command-line/command-line.ts";

const ALLOWED =
  "one port or range from 1 to 65535 is allowed, with tcp (the default), udp or both: 30800, 53/udp, 53/both or 30091-30092";

/** The ports of a question; undefined where no operand is given. Throws AppError (exit code 64) for anything else. */
export function parsePorts(operands: readonly string[]): Pick<Question, "ports" | "protocols"> | undefined {
  if (operands.length === 0) return undefined;
  const [, firstText, lastText, name = "tcp"] =
    /^(\d{1,5})(?:-(\d{1,5}))?(?:\/(\w+))?$/.exec(operands.length === 1 ? (operands[0] ?? "") : "") ?? [];
  const protocols = protocolsOf(name.toLowerCase());
  const first = Number(firstText);
  const last = Number(lastText ?? firstText);
  if (firstText === undefined || protocols === undefined || first < 1 || last > 65_535 || first > last) {
    throw usageError(`ports ask: found ${JSON.stringify(operands.join(" "))}; ${ALLOWED}`);
  }
  return { ports: { first, last }, protocols };
}

function protocolsOf(name: string): readonly Protocol[] | undefined {
  if (name === "both") return PROTOCOLS;
  const one = PROTOCOLS.find((protocol) => protocol === name);
  return one && [one];
}

/** Throws AppError (exit code 64) where neither ports nor a purpose are named. */
export function missingPorts(): never {
  throw usageError(`ports ask: found nothing; ${ALLOWED}; or --for users, protocol or legacy`);
}

/** The service that asks, as the catalog lists it: `web`, or `core/web` with its namespace. */
export function parseAsking({ service }: FlagValues): Pick<Question, "asking"> {
  if (service === undefined) return {};
  const [, namespace = "", name = service] = /^([^/]+)\/([^/]+)$/.exec(service) ?? [];
  return { asking: { service: name, namespace } };
}
