import { lookup, Resolver } from "node:dns/promises";
import { isIP } from "node:net";
import { AppError, EXIT_CODES } from "../../base/errors.ts";
import { systemCode } from "../../base/system-code.ts";

/** What is known of a name. */
export interface NameAnswer {
  /** A and AAAA, those behind CNAMEs. */
  readonly addresses: readonly string[];
  /** Why not all of it is known: the code of a question that was not answered, as Node names it. */
  readonly failure?: string;
}

export interface NameResolver {
  /** Who is asked, for messages. */
  readonly title: string;
  /** Never rejects, and is bounded in time. */
  resolve(name: string): Promise<NameAnswer>;
}

/** How long one question waits, in milliseconds, and how often it is asked. */
export interface Patience {
  readonly timeoutMs: number;
  readonly tries: number;
}

const PATIENCE: Patience = { timeoutMs: 2_000, tries: 2 };
/** No sound zone has longer chains; a circle has no end. */
const MOST_CNAMES = 8;

/** The machine's own way, as programs on it resolve: its hosts file, its DNS. */
export function systemResolver({ timeoutMs, tries }: Patience = PATIENCE): NameResolver {
  return {
    title: "this machine's resolver",
    async resolve(name) {
      const late = new Promise<NameAnswer>((resolve) => {
        setTimeout(() => resolve({ addresses: [], failure: "ETIMEOUT" }), timeoutMs * tries).unref();
      });
      const found = lookup(name, { all: true }).then(
        (all): NameAnswer => ({ addresses: all.map(({ address }) => address) }),
        (error: unknown): NameAnswer => answerOf(error),
      );
      return await Promise.race([found, late]);
    },
  };
}

/** A certain DNS server. Throws AppError (exit code 64) where the text is none. @param text `192.168.11.53`, `192.168.11.53:5353`, `[::1]:53` */
export function resolverAt(text: string, { timeoutMs, tries }: Patience = PATIENCE): NameResolver {
  const resolver = new Resolver({ timeout: timeoutMs, tries });
  const [, host = text, port] = /^\[([^\]]+)\](?::(\d+))?$/.exec(text) ?? /^([^:]+):(\d+)$/.exec(text) ?? [];
  if (isIP(host) === 0 || Number(port ?? 53) > 65_535) {
    throw new AppError(
      `check dns: --resolver: found ${JSON.stringify(text)}; an address is allowed, with or without a port: --resolver 192.168.11.53:53`,
      { code: "E_USAGE", retryable: false, exitCode: EXIT_CODES.usage },
    );
  }
  const server = host.includes(":") ? `[${host}]` : host;
  resolver.setServers([port === undefined ? server : `${server}:${port}`]);
  return { title: `the resolver at ${text}`, resolve: (name) => resolveBy(resolver, name) };
}

async function resolveBy(resolver: Resolver, name: string): Promise<NameAnswer> {
  let at = name;
  for (let followed = 0; followed <= MOST_CNAMES; followed++) {
    const [four, six] = await Promise.all([
      resolver.resolve4(at).then(addressesOf, answerOf),
      resolver.resolve6(at).then(addressesOf, answerOf),
    ]);
    const addresses = [...four.addresses, ...six.addresses];
    const failure = four.failure ?? six.failure;
    if (addresses.length > 0 || failure !== undefined) {
      return { addresses, ...(failure === undefined ? {} : { failure }) };
    }
    // A server that does not follow the chain itself answers with its first link alone.
    const [next] = await resolver.resolveCname(at).catch(() => []);
    if (next === undefined) return { addresses: [] };
    at = next;
  }
  return { addresses: [], failure: "ECNAMELOOP" };
}

function addressesOf(addresses: readonly string[]): NameAnswer {
  return { addresses };
}

/** That there is no such name, or no address of that kind, is an answer. */
function answerOf(error: unknown): NameAnswer {
  const code = systemCode(error) ?? "EUNKNOWN";
  return ["ENOTFOUND", "ENODATA", "EAI_NODATA", "EAI_NONAME"].includes(code)
    ? { addresses: [] }
    : { addresses: [], failure: code };
}
