import { readlinkSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import { userInfo } from "node:os";
import { printable } from "../base/printable.ts";

/** Who gives an order, by that party's own account: nothing proves it, since all who reach the socket may say anything. */
export interface Sender {
  readonly user?: string;
  /** `/dev/pts/3`; none where the order comes from a script. */
  readonly terminal?: string;
}

const HEADERS = { user: "x-portolan-user", terminal: "x-portolan-terminal" } as const;
/** Longer texts are cut: the log has them. */
const MOST_CHARACTERS = 64;

/** The user and the terminal of this process, as headers of the request that carries its order. */
export function senderHeaders(): Readonly<Record<string, string>> {
  const found = { [HEADERS.user]: userName(), [HEADERS.terminal]: terminalName() };
  return Object.fromEntries(
    Object.entries(found).flatMap(([name, value]) => (value === undefined ? [] : [[name, encodeURIComponent(value)]])),
  );
}

/** What those headers say. */
export function senderOf(headers: IncomingHttpHeaders): Sender {
  const user = textOf(headers[HEADERS.user]);
  const terminal = textOf(headers[HEADERS.terminal]);
  return { ...(user && { user }), ...(terminal && { terminal }) };
}

function textOf(header: string | string[] | undefined): string | undefined {
  if (typeof header !== "string" || header === "") return undefined;
  try {
    return printable(decodeURIComponent(header).slice(0, MOST_CHARACTERS));
  } catch {
    return undefined;
  }
}

/** Of a person who became root by sudo, the name before. */
function userName(): string | undefined {
  try {
    return process.env["SUDO_USER"] ?? userInfo().username;
  } catch {
    // A container's user id may have no name.
    return process.getuid === undefined ? undefined : `uid ${process.getuid()}`;
  }
}

function terminalName(): string | undefined {
  try {
    return process.stdin.isTTY ? readlinkSync("/proc/self/fd/0") : undefined;
  } catch {
    return undefined;
  }
}
