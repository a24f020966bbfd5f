import { createSocket, type RemoteInfo } from "node:dgram";
import { isIP } from "node:net";

const TYPES: Readonly<Record<string, number>> = { A: 1, CNAME: 5, AAAA: 28 };
const CODES = { NXDOMAIN: 3, SERVFAIL: 2, REFUSED: 5 } as const;

/**
 * What a name is answered with: addresses, and a CNAME alone, which the client has to follow; or a fault. `silence` gives no
 * answer, `truncated` one without records that asks for TCP, `garbage` no DNS at all, `foreign` one with another id.
 */
export type DnsAnswer =
  | readonly string[]
  | { readonly cname: string; readonly addresses?: readonly string[] }
  | keyof typeof CODES
  | "silence"
  | "truncated"
  | "garbage"
  | "foreign";

export interface DnsServer {
  /** `127.0.0.1:PORT` */
  readonly address: string;
  /** The names that were asked for, in lower case, each question once. */
  readonly asked: Set<string>;
  close(): Promise<void>;
}

/** A small real DNS server by UDP on loopback. Names that it does not know do not exist; `*.a.b` is any name below a.b. */
export async function startDnsServer(names: Readonly<Record<string, DnsAnswer>>): Promise<DnsServer> {
  const socket = createSocket("udp4");
  const asked = new Set<string>();
  socket.on("message", (query: Buffer, from: RemoteInfo) => {
    const { name, type, end } = questionIn(query);
    asked.add(name);
    const answer = names[name] ?? names[name.replace(/^[^.]+/, "*")] ?? "NXDOMAIN";
    const reply = replyTo(query.subarray(0, end), type, answer);
    if (reply !== undefined) socket.send(reply, from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return {
    address: `127.0.0.1:${socket.address().port}`,
    asked,
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

function questionIn(query: Buffer) {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join(".").toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

function replyTo(query: Buffer, type: number, answer: DnsAnswer): Buffer | undefined {
  if (answer === "silence") return undefined;
  if (answer === "garbage") return Buffer.from("this is no DNS");
  const records = typeof answer === "string" ? [] : recordsFor(type, answer);
  const header = Buffer.from(query);
  if (answer === "foreign") header.writeUInt16BE((query.readUInt16BE(0) + 1) % 65_536, 0);
  const code = typeof answer === "string" && answer in CODES ? CODES[answer as keyof typeof CODES] : 0;
  header.writeUInt16BE(0x8180 | code | (answer === "truncated" ? 0x0200 : 0), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  header.writeUInt32BE(0, 8);
  return Buffer.concat([header, ...records]);
}

function recordsFor(type: number, answer: Exclude<DnsAnswer, string>): readonly Buffer[] {
  const cname = "cname" in answer ? [record("CNAME", nameBytes(answer.cname))] : [];
  const addresses = "cname" in answer ? (answer.addresses ?? []) : answer;
  const kind = type === TYPES["A"] ? "A" : type === TYPES["AAAA"] ? "AAAA" : undefined;
  const own = addresses.filter((address) => kind !== undefined && isIP(address) === (kind === "A" ? 4 : 6));
  return [...cname, ...own.map((address) => record(kind ?? "A", addressBytes(address)))];
}

/** About the name of the question. */
function record(type: string, data: Buffer): Buffer {
  const head = Buffer.from([0xc0, 12, 0, TYPES[type] ?? 0, 0, 1, 0, 0, 0, 0, 0, 0]);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function nameBytes(name: string): Buffer {
  const labels = name
    .split(".")
    .map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label, "latin1")]));
  return Buffer.concat([...labels, Buffer.from([0])]);
}

function addressBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split(".").map(Number));
  const [left = "", right = ""] = address.split("::");
  const groups = (text: string) => (text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16)));
  const [before, after] = [groups(left), groups(right)];
  const all = [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after];
  return Buffer.from(all.flatMap((group) => [group >> 8, group & 255]));
}
