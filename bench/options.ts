import { parseArgs } from "node:util";
import { AppError, EXIT_CODES } from "../src/errors.ts";

export const PEER_NAMES = ["floor", "portolan", "traefik"] as const;
export type PeerName = (typeof PEER_NAMES)[number];

export interface Options {
  readonly services: number;
  /** Of each service; spread over the nodes. */
  readonly instances: number;
  readonly nodes: number;
  /** How often each kind of change is made for each peer. */
  readonly changes: number;
  /** Traefik's providersThrottleDuration, the same for every peer. */
  readonly throttleMs: number;
  readonly peers: readonly PeerName[];
  /** Portolan's `consul.connectionBudget`, which decides its way of watching; undefined: its default. */
  readonly strategyBudget: number | undefined;
  /** After this time no further change is made, and what was measured so far is reported. */
  readonly maxSeconds: number;
}

/** Reads the flags. Throws AppError (exit code 64) that names the flag that is wrong and what is allowed. */
export function parseOptions(argv: readonly string[]): Options {
  const { values } = parseFlags(argv);
  return {
    services: whole("services", values.services),
    instances: whole("instances", values.instances),
    nodes: whole("nodes", values.nodes),
    changes: whole("changes", values.changes),
    throttleMs: milliseconds(values.throttle),
    peers: peers(values.peers),
    strategyBudget:
      values["strategy-budget"] === undefined ? undefined : whole("strategy-budget", values["strategy-budget"]),
    maxSeconds: whole("max-seconds", values["max-seconds"]),
  };
}

function parseFlags(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        services: { type: "string", default: "100" },
        instances: { type: "string", default: "3" },
        nodes: { type: "string", default: "3" },
        changes: { type: "string", default: "20" },
        throttle: { type: "string", default: "10ms" },
        peers: { type: "string", default: PEER_NAMES.join() },
        "strategy-budget": { type: "string" },
        "max-seconds": { type: "string", default: "300" },
      },
    });
  } catch (error) {
    throw usage(error instanceof Error ? error.message : String(error));
  }
}

function whole(flag: string, text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw usage(`--${flag}: found ${JSON.stringify(text)}, a whole number from 1 on is allowed`);
}

function milliseconds(text: string): number {
  const [, digits] = /^(\d{1,6})ms$/.exec(text) ?? [];
  if (digits !== undefined) return Number(digits);
  throw usage(`--throttle: found ${JSON.stringify(text)}, milliseconds such as 10ms or 2000ms are allowed`);
}

function peers(text: string): readonly PeerName[] {
  const names = text.split(",");
  const unknown = names.filter((name) => !PEER_NAMES.some((peer) => peer === name));
  if (unknown.length > 0) {
    throw usage(`--peers: found ${JSON.stringify(unknown.join())}, a list of ${PEER_NAMES.join()} is allowed`);
  }
  return PEER_NAMES.filter((peer) => names.includes(peer));
}

function usage(message: string): AppError {
  return new AppError(`bench: ${message}`, { code: "E_USAGE", retryable: false, exitCode: EXIT_CODES.usage });
}
