import { parseArgs } from "node:util";
import { AppError, EXIT_CODES } from "../../src/base/errors.ts";

export const PEERS = ["portolan", "traefik"] as const;
export type Peer = (typeof PEERS)[number];

export interface Options {
  /** Rows whose name has this in it; undefined: all. */
  readonly row: string | undefined;
  readonly peers: readonly Peer[];
  /** How long a fault lasts that does not say so itself. */
  readonly seconds: number;
  /** Rows that are played at the same time, each with servers of its own. */
  readonly parallel: number;
  /** Portolan's `consul.connectionBudget`, which decides its way of watching; undefined: its default. */
  readonly budget: number | undefined;
  /** Print all that portolan said, not only the line that says most. */
  readonly log: boolean;
}

/** Reads the flags. Throws AppError (exit code 64) that names the flag that is wrong and what is allowed. */
export function parseOptions(argv: readonly string[]): Options {
  const { values } = parseFlags(argv);
  const { peer } = values;
  const peers = PEERS.filter((name) => peer === undefined || name === "portolan" || name === peer);
  if (peer !== undefined && !PEERS.some((name) => name === peer)) {
    throw usage(`--peer: found ${JSON.stringify(peer)}, ${PEERS.join(" or ")} is allowed`);
  }
  return {
    row: values.row,
    peers: peer === undefined ? ["portolan"] : peers,
    seconds: whole("seconds", values.seconds),
    parallel: whole("parallel", values.parallel),
    budget: values.budget === undefined ? undefined : whole("budget", values.budget),
    log: values.log,
  };
}

function parseFlags(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        row: { type: "string" },
        peer: { type: "string" },
        seconds: { type: "string", default: "4" },
        parallel: { type: "string", default: "4" },
        budget: { type: "string" },
        log: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    throw usage(error instanceof Error ? error.message : String(error));
  }
}

function whole(flag: string, text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw usage(`--${flag}: found ${JSON.stringify(text)}, a whole number from 1 on is allowed`);
}

function usage(message: string): AppError {
  return new AppError(message, { code: "E_USAGE", retryable: false, exitCode: EXIT_CODES.usage });
}
