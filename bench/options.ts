import { parseArgs } from "node:util";
import { AppError, EXIT_CODES } from "../src/base/errors.ts";

export const BENCHMARKS = ["changes", "soon", "cold-start", "idle", "burst", "deploys"] as const;
export const PEER_NAMES = [
  "floor",
  "portolan-before",
  "portolan",
  "portolan-consul",
  "traefik",
  "consul-template",
] as const;
/** What two builds can be set side by side in. */
const COMPARABLE = ["changes", "soon", "cold-start", "idle", "burst"] as const;
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
  /** How many changes follow fast after those, without a look at Traefik; then memory at rest is measured. */
  readonly churn: number;
  /** The revision of this repository whose build is measured beside the present one, as `portolan-before`. */
  readonly compare?: string;
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
    churn: whole("churn", values.churn, 0),
    ...(values.compare === undefined ? {} : { compare: values.compare }),
    throttleMs: milliseconds(values.throttle),
    peers: peers(
      values.peers ?? (values.compare === undefined ? "floor,portolan,traefik" : "portolan"),
      values.compare,
    ),
    hasDefaultCertificate: values["default-certificate"],
    scheme: oneOf("scheme", values.scheme, SCHEMES),
    strategy: oneOf("strategy", values.strategy, STRATEGIES),
    catalog: oneOf("catalog", values.catalog, CATALOGS),
    maxSeconds: whole("max-seconds", values["max-seconds"]),
  };
  const isComparing = options.compare !== undefined;
  if (isComparing && !COMPARABLE.some((one) => one === options.benchmark)) {
    throw usage(`--compare: with --only ${COMPARABLE.join("|")} it is allowed, found ${options.benchmark}`);
  }
  if (options.peers.includes("portolan-before") !== isComparing) {
    throw usage("--peers: portolan-before is the build of --compare REV, and takes part by that flag");
  }
  if (options.catalog === "embedded") {
    if (options.scheme === "https") throw usage("--catalog embedded: it speaks http only; leave --scheme out");
    const others = options.peers.filter((peer) => peer === "traefik" || peer === "consul-template");
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
        churn: { type: "string", default: "0" },
        compare: { type: "string" },
        throttle: { type: "string", default: "10ms" },
        peers: { type: "string" },
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

function whole(flag: string, text: string, least = 1): number {
  if (/^(0|[1-9]\d{0,6})$/.test(text) && Number(text) >= least) return Number(text);
  throw usage(`--${flag}: found ${JSON.stringify(text)}, a whole number from ${least} on is allowed`);
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

/** With a build to compare with, it takes part wherever the present one does. */
function peers(text: string, compare: string | undefined): readonly PeerName[] {
  const names = [...text.split(","), ...(compare === undefined ? [] : ["portolan-before"])];
  const unknown = names.filter((name) => !PEER_NAMES.some((peer) => peer === name));
  if (unknown.length > 0) {
    throw usage(
      `--peers: found ${JSON.stringify(unknown.join())}, a list of ${PEER_NAMES.filter((peer) => peer !== "portolan-before").join()} is allowed`,
    );
  }
  return PEER_NAMES.filter((peer) => names.includes(peer));
}

function usage(message: string): AppError {
  return new AppError(`bench: ${message}`, { code: "E_USAGE", retryable: false, exitCode: EXIT_CODES.usage });
}
