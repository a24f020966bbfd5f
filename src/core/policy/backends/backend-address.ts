import { memoize, memoizeRecent } from "../../incremental/memoize.ts";
import { addressBytes, isInNetwork, isWithinNetwork, type Network, parseNetwork } from "../../ports/ledger/network.ts";
import { type BackendTarget, parseBackendUrl, plainHost } from "../../traefik/backend-url.ts";
import { type DynamicConfig, kindOf, resourceKey, type Section } from "../../traefik/chart/dynamic-config.ts";
import { CONNECTING_SECTIONS, connectionsOf } from "../../traefik/connections/connections.ts";

/** Where requests finally go, and what sends them there. */
export interface Backend {
  /** Where the service or middleware is defined that sends requests there. */
  readonly section: Section;
  readonly name: string;
  /** In words, made only where a refusal is reported. */
  what(): string;
  readonly host: string;
  /** Of a URL that a middleware asks: taken apart. */
  readonly asked?: BackendTarget;
}

/** All servers of a fragment, whatever its tags made of them, and the servers that its middlewares ask. */
export function* backendsOf(config: DynamicConfig): Generator<Backend> {
  for (const section of CONNECTING_SECTIONS) {
    if (config[section].size === 0) continue;
    const isService = kindOf(section) === "services";
    for (const [name, object] of config[section]) {
      for (const { path, form, text } of connectionsOf(section, object)) {
        const asked = isService || form !== "url" ? undefined : parseBackendUrl(text);
        const what = () => `${isService ? "the backend" : path} of ${resourceKey(section, name)}`;
        yield { section, name, what, host: hostOf(text), ...(asked && { asked }) };
      }
    }
  }
}

/** The plain host of a URL, or of `HOST:PORT`. */
function hostOf(endpoint: string): string {
  return plainHost(parseBackendUrl(endpoint)?.host ?? endpoint.replace(/:[0-9]*$/, ""));
}

/** Addresses at which clouds hand secrets to their machines, or that mean another machine to each machine. */
const LINK = networks("169.254.0.0/16", "fe80::/10", "fd00:ec2::254");
const LINK_NAMES = ["metadata.google.internal", "metadata.goog", "instance-data", "instance-data.ec2.internal"];
/** This very machine: 0.0.0.0 is dialled as such. */
const LOOPBACK = networks("127.0.0.0/8", "0.0.0.0/8", "::1", "::");

/**
 * Why requests must not go there, or undefined. Link-local addresses, cloud metadata among them, need a rule that names
 * them, never just a range around them; so does loopback where networks are declared.
 *
 * @param declared where backends may be
 * @param named what the rule of the policy names itself
 */
export function whyRefused(host: string, declared: readonly Network[], named: readonly Network[]): string | undefined {
  return judgeFor(declared)(named)(host);
}

/** As a place where backends may be: no limit is declared. An empty list that is another one allows no backend. */
export const ANYWHERE: readonly Network[] = [];

/** Thousands of instances have the addresses of a few nodes. */
const MACHINES = 1_000;

const judgeFor = memoize((declared: readonly Network[]) =>
  memoize((named: readonly Network[]) => memoizeRecent(MACHINES, (host) => judgeHost(host, declared, named))),
);

const NO_BACKEND = "and its rule of the policy allows no backend";

function judgeHost(host: string, declared: readonly Network[], named: readonly Network[]): string | undefined {
  const address = addressBytes(host);
  if (address === undefined) return whyNameRefused(host, declared);
  const isNamed = (range: readonly Network[]) =>
    named.some((network) => isInNetwork(network, address) && range.some((outer) => isWithinNetwork(outer, network)));
  const isIn = (range: readonly Network[]) => range.some((network) => isInNetwork(network, address));
  if (isIn(LINK) && !isNamed(LINK)) return "a link-local address, where clouds keep their metadata";
  if (declared === ANYWHERE) return undefined;
  if (declared.length === 0) return NO_BACKEND;
  if (isIn(LOOPBACK) && !isNamed(LOOPBACK)) return "a loopback address, which is Traefik's own machine";
  return isIn(declared) ? undefined : `outside ${declared.map(({ text }) => text).join(", ")}`;
}

function whyNameRefused(host: string, declared: readonly Network[]): string | undefined {
  if (LINK_NAMES.includes(host)) return "a name of a cloud's metadata service";
  if (/^(?:0x[0-9a-f.x]*|[0-9.]+)$/.test(host)) return "an address in a form that is read in several ways";
  if (declared === ANYWHERE) return undefined;
  return declared.length === 0 ? NO_BACKEND : "a name, and which address it will have is not known";
}

function networks(...texts: readonly string[]): readonly Network[] {
  return texts.map(parseNetwork).filter((network) => network !== undefined);
}
