import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { systemReason } from "./system-code.ts";

/** A file's text, or the reason that follows “cannot be read” in a message: the system's code, or the file's size. */
export type BoundedText =
  | { readonly kind: "read"; readonly text: string }
  | { readonly kind: "unreadable"; readonly reason: string };

/** Files that people write by hand have kilobytes; a larger one is another file, or an accident. */
export const MAX_BYTES = 4 * 1024 * 1024;

/** The same as bytes. */
export type BoundedBytes =
  | Extract<BoundedText, { kind: "unreadable" }>
  | { readonly kind: "read"; readonly bytes: Buffer };

/** Reads a file that is known to be a regular one, up to 4 MiB. */
export async function readBounded(path: string, mostBytes: number = MAX_BYTES): Promise<BoundedText> {
  const read = await readBytes(path, mostBytes);
  return read.kind === "read" ? { kind: "read", text: read.bytes.toString("utf8") } : read;
}

async function readBytes(path: string, mostBytes: number): Promise<BoundedBytes> {
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const part of createReadStream(path, { end: mostBytes })) {
      parts.push(part);
      length += part.length;
    }
  } catch (error) {
    return { kind: "unreadable", reason: systemReason(error) };
  }
  if (length > mostBytes) return { kind: "unreadable", reason: `larger than ${mostBytes} bytes` };
  return { kind: "read", bytes: Buffer.concat(parts) };
}

/** The same for regular files only: a pipe answers when another process writes into it, perhaps never. */
export async function readBoundedRegular(path: string): Promise<BoundedText> {
  const read = await readRegularBytes(path);
  return read.kind === "read" ? { kind: "read", text: read.bytes.toString("utf8") } : read;
}

export async function readRegularBytes(path: string, mostBytes: number = MAX_BYTES): Promise<BoundedBytes> {
  try {
    if (!(await stat(path)).isFile()) return { kind: "unreadable", reason: "no regular file" };
  } catch (error) {
    return { kind: "unreadable", reason: systemReason(error) };
  }
  return await readBytes(path, mostBytes);
}
