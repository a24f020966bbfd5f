import { parseArgs } from "node:util";
import { AppError, EXIT_CODES } from "../src/base/errors.ts";

export const BENCHMARKS = ["changes", "cold-start", "idle", "burst", "deploys"] as const;
export const PEER_NAMES = ["floor", "portolan", "portolan-consul", "traefik", "consul-template"] as const;
export const STRATEGIES = ["auto", "per-service", "multiplexed", "per-node", "stream", "sweep"] as const;
const SCHEMES = ["http", "https"] as const;
const CATALOGS = ["real", "embedded", "nomad"] as const;

export type Benchmark = (typeof BENCHMARKS)[number];
export type PeerName = (typeof PEER_NAMES)[number];

export interface Options {
  /** What is measured; all but the changes concern portolan alone. */
  readonly benchmark: Benchmark;
  readonly services: number;
  /** Of each service; spread over the nodes. */
  readonly instances: number;
  readonly nodes: number;
  /** How often each kind of change is made for each peer; how many starts there are. */
  readonly changes: number;
  /** Traefik's providersThrottleDuration, the same for every peer. */
  readonly throttleMs: number;
  readonly peers: readonly PeerName[];
  /** Whether the Traefiks of floor and portolan have a certificate for hosts without one, and make none at each change. */
  readonly hasDefaultCertificate: boolean;
  /** How the catalog is reached; over https Consul offers HTTP/2 too. */
  readonly scheme: (typeof SCHEMES)[number];
  /** Portolan's `consul.strategy`. */
  readonly strategy: (typeof STRATEGIES)[number];
  /** A real Consul, or the Consul or the Nomad that portolan brings along, in a process of its own. */
  readonly catalog: (typeof CATALOGS)[number];
  /** After this time nothing more is measured, and what was measured so far is reported. */
  readonly maxSeconds: number;
}

/** Reads the flags. Throws AppError (exit code 64) that names the flag that is wrong and what is allowed. */
export function parseOptions(argv: readonly string[]): Options {
  const { values } = parseFlags(argv);
  const options: Options = {
    benchmark: oneOf("only", values.only, BENCHMARKS),
    services: whole("services", values.services),
    instances: whole("instances", values.instances),
    nodes: whole("nodes", values.nodes),
    changes: whole("changes", values.changes),
    throttleMs: milliseconds(values.throttle),
    peers: peers(values.peers),
    hasDefaultCertificate: values["default-certificate"],
    scheme: oneOf("scheme", values.scheme, SCHEMES),
    strategy: oneOf("strategy", values.strategy, STRATEGIES),
    catalog: oneOf("catalog", values.catalog, CATALOGS),
    maxSeconds: whole("max-seconds", values["max-seconds"]),
  };
  if (options.catalog === "embedded") {
    if (options.scheme === "https") throw usage("--catalog embedded: it speaks http only; leave --scheme out");
    const others = options.peers.filter((peer) => peer !== "floor" && peer !== "portolan");
    if (others.length > 0) throw usage(`--catalog embedded: --peers of floor,portolan is allowed, found ${others}`);
  }
  if (options.catalog === "nomad") {
    if (options.scheme === "https") throw usage("--catalog nomad: it speaks http only; leave --scheme out");
    if (options.peers.includes("consul-template")) {
      throw usage(
        "--catalog nomad: --peers of floor,portolan,portolan-consul,traefik is allowed, found consul-template",
      );
    }
  } else if (options.peers.includes("portolan-consul")) {
    throw usage("--peers: portolan-consul is compared with a Nomad of the same size: --catalog nomad");
  }
  return options;
}

function parseFlags(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        only: { type: "string", default: "changes" },
        services: { type: "string", default: "100" },
        instances: { type: "string", default: "3" },
        nodes: { type: "string", default: "50" },
        changes: { type: "string", default: "20" },
        throttle: { type: "string", default: "10ms" },
        peers: { type: "string", default: "floor,portolan,traefik" },
        "default-certificate": { type: "boolean", default: false },
        scheme: { type: "string", default: "http" },
        strategy: { type: "string", default: "auto" },
        catalog: { type: "string", default: "real" },
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

function oneOf<T extends string>(flag: string, text: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === text);
  if (found !== undefined) return found;
  throw usage(`--${flag}: found ${JSON.stringify(text)}, allowed is one of ${allowed.join()}`);
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
