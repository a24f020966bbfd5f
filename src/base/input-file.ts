import { type BoundedBytes, type BoundedText, MAX_BYTES, readRegularBytes } from "./bounded-file.ts";
import { STANDARD_INPUT } from "./input-title.ts";
import { systemReason } from "./system-code.ts";

/** Where a user's file is read from, other than by default. */
export interface InputOptions {
  readonly input?: NodeJS.ReadableStream;
  /** Default: 4 MiB. */
  readonly mostBytes?: number;
}

/**
 * The text of a file that a user has named on the command line, in UTF-8 and up to a size: a regular file (a pipe without a
 * writer would hold the command for good), or standard input to its end. That can be read once; later it is unreadable, and
 * not taken for empty.
 */
export async function readInput(
  path: string,
  { input = process.stdin, mostBytes = MAX_BYTES }: InputOptions = {},
): Promise<BoundedText> {
  const read = path === STANDARD_INPUT ? await readStream(input, mostBytes) : await readRegularBytes(path, mostBytes);
  if (read.kind === "unreadable") return read;
  try {
    return { kind: "read", text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(read.bytes) };
  } catch {
    return { kind: "unreadable", reason: "not in UTF-8" };
  }
}

async function readStream(input: NodeJS.ReadableStream, mostBytes: number): Promise<BoundedBytes> {
  if (!input.readable) return { kind: "unreadable", reason: "it has been read to its end already" };
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const part of input) {
      const bytes = Buffer.from(part);
      parts.push(bytes);
      length += bytes.length;
      if (length > mostBytes) return { kind: "unreadable", reason: `larger than ${mostBytes} bytes` };
    }
  } catch (error) {
    return { kind: "unreadable", reason: systemReason(error) };
  }
  return { kind: "read", bytes: Buffer.concat(parts) };
}
