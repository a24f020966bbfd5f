import { parseIpAddress } from "../../src/go/ip-address.ts";

/** A packet that opens a connection, or is all of it. */
export interface Packet {
  readonly protocol: "tcp" | "udp";
  readonly port: number;
  readonly from: string;
  /** Default: one that leads out of the node. */
  readonly interface?: string;
}

type Chains = ReadonlyMap<string, readonly string[]>;
type Sets = ReadonlyMap<string, readonly string[]>;

/**
 * What nftables makes of a packet that is sent to an address of the node, by the text of the ruleset alone: a second reading
 * of it, which knows no more than the words that it may have and throws at any other.
 */
export function nftablesJudge(text: string): (packet: Packet) => "accept" | "drop" {
  const { chains, sets } = parse(text);
  return (packet) => walk("prerouting", packet, chains, sets) ?? "accept";
}

function parse(text: string): { readonly chains: Chains; readonly sets: Sets } {
  const chains = new Map<string, string[]>();
  const sets = new Map<string, string[]>();
  let lines: string[] | undefined;
  for (const line of text.split("\n").map((one) => one.trim())) {
    if (line === "" || line.startsWith("#") || line === "}") continue;
    const [, kind, name = ""] = /^(set|chain) (\w+) \{$/.exec(line) ?? [];
    if (kind !== undefined) {
      lines = [];
      (kind === "set" ? sets : chains).set(name, lines);
    } else if (!/^(?:delete )?table inet portolan(?: \{)?$/.test(line)) lines?.push(line);
  }
  const elements = Array.from(sets, ([name, body]) => {
    const list = /^elements = \{ (.*) \}$/.exec(body.at(-1) ?? "")?.[1];
    if (list === undefined) throw new Error(`set ${name} has no elements`);
    return [name, list.split(", ").map((one) => one.replaceAll('"', ""))] as const;
  });
  return { chains, sets: new Map(elements) };
}

function walk(name: string, packet: Packet, chains: Chains, sets: Sets): "accept" | "drop" | undefined {
  const lines = chains.get(name);
  if (lines === undefined) throw new Error(`no chain ${name}`);
  for (const line of lines) {
    if (line.startsWith("type filter hook ")) continue;
    const verdict = verdictOf(line, packet, sets);
    if (verdict === undefined) continue;
    if (verdict === "return") return undefined;
    if (verdict === "accept" || verdict === "drop") return verdict;
    const below = walk(verdict.replace("jump ", ""), packet, chains, sets);
    if (below !== undefined) return below;
  }
  return undefined;
}

/** The verdict of a line, or undefined where it does not fit the packet. */
function verdictOf(line: string, packet: Packet, sets: Sets): string | undefined {
  let rest = line.replace(/ comment "[^"]*"$/, "");
  while (!/^(?:accept|drop|return|jump \w+)$/.test(rest)) {
    const match = MATCHES.map(({ form, fits }) => ({ found: form.exec(rest), fits })).find(({ found }) => found);
    if (match?.found == null) throw new Error(`not known to the judge: ${rest}`);
    if (!match.fits(packet, match.found.slice(1), sets)) return undefined;
    rest = rest.slice(match.found[0].length);
  }
  return rest;
}

interface Match {
  readonly form: RegExp;
  fits(packet: Packet, found: readonly string[], sets: Sets): boolean;
}

const MATCHES: readonly Match[] = [
  { form: /^iifname "(\w+)" /, fits: ({ interface: own = "eth0" }, [name]) => own === name },
  {
    form: /^iifname @(\w+) /,
    fits: ({ interface: own = "eth0" }, [name = ""], sets) => elements(name, sets).includes(own),
  },
  { form: /^fib daddr type \{ local, anycast \} /, fits: () => true },
  { form: /^ct state established,related /, fits: () => false },
  {
    form: /^meta l4proto (!= )?\{ ([\d, ]+) \} /,
    fits: ({ protocol }, [not, list = ""]) =>
      list.split(", ").includes(protocol === "tcp" ? "6" : "17") === (not === undefined),
  },
  { form: /^meta nfproto (ipv4|ipv6) /, fits: ({ from }, [family]) => parseIpAddress(from)?.kind() === family },
  // Packets of the tests come from no port of a DHCP server.
  { form: /^udp sport (?:67|547) /, fits: () => false },
  {
    form: /^(tcp|udp) dport (\d+)(?:-(\d+))? /,
    fits: ({ protocol, port }, [own, first, last]) =>
      protocol === own && port >= Number(first) && port <= Number(last ?? first),
  },
  { form: /^ip6? saddr @(\w+) /, fits: ({ from }, [name = ""], sets) => isAmong(from, elements(name, sets)) },
  { form: /^ip6? saddr \{ ([^}]*) \} /, fits: ({ from }, [list = ""]) => isAmong(from, list.split(", ")) },
  { form: /^ip6? saddr (\S+) /, fits: ({ from }, [one = ""]) => isAmong(from, [one]) },
];

function elements(name: string, sets: Sets): readonly string[] {
  const found = sets.get(name);
  if (found === undefined) throw new Error(`no set ${name}`);
  return found;
}

function isAmong(text: string, blocks: readonly string[]): boolean {
  const address = parseIpAddress(text);
  return blocks.some((block) => {
    const [first = "", length] = block.split("/");
    const outer = parseIpAddress(first);
    if (address === undefined || outer === undefined || address.kind() !== outer.kind()) return false;
    return address.match(outer, length === undefined ? 8 * outer.toByteArray().length : Number(length));
  });
}
