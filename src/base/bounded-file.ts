import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";

/** A file's text, or why there is none, to follow "cannot be read": a code of the system's, or its size. */
export type BoundedText =
  | { readonly kind: "read"; readonly text: string }
  | { readonly kind: "unreadable"; readonly reason: string };

/** What people write by hand is kilobytes; what is larger than this is another file, or an accident. */
const MAX_BYTES = 4 * 1024 * 1024;

/** Reads a file that the operator writes. A pipe may stand for one: no more than the bound is taken from it, either. */
export async function readBounded(path: string): Promise<BoundedText> {
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const part of createReadStream(path, { end: MAX_BYTES })) {
      parts.push(part);
      length += part.length;
    }
  } catch (error) {
    return { kind: "unreadable", reason: codeOf(error) };
  }
  if (length > MAX_BYTES) return { kind: "unreadable", reason: `larger than ${MAX_BYTES} bytes` };
  return { kind: "read", text: Buffer.concat(parts).toString("utf8") };
}

/** The same where nobody means a pipe: one in a folder would be waited for without an end. */
export async function readBoundedRegular(path: string): Promise<BoundedText> {
  try {
    if (!(await stat(path)).isFile()) return { kind: "unreadable", reason: "no regular file" };
  } catch (error) {
    return { kind: "unreadable", reason: codeOf(error) };
  }
  return await readBounded(path);
}

/** The system's code for what went wrong, for people. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown reason";
}
