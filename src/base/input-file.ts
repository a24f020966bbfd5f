import { type BoundedText, MAX_BYTES, readBoundedRegular } from "./bounded-file.ts";
import { STANDARD_INPUT } from "./input-title.ts";
import { systemReason } from "./system-code.ts";

/**
 * The text of a file that a user has named on the command line, up to 4 MiB: a regular file (a pipe
 * without a writer would hold the command for good), or standard input to its end. That can be read once; later it is
 * unreadable, and not taken for empty.
 */
export async function readInput(path: string, input: NodeJS.ReadableStream = process.stdin): Promise<BoundedText> {
  if (path !== STANDARD_INPUT) return readBoundedRegular(path);
  if (!input.readable) return { kind: "unreadable", reason: "it has been read to its end already" };
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const part of input) {
      const bytes = Buffer.from(part);
      parts.push(bytes);
      length += bytes.length;
      if (length > MAX_BYTES) return { kind: "unreadable", reason: `larger than ${MAX_BYTES} bytes` };
    }
  } catch (error) {
    return { kind: "unreadable", reason: systemReason(error) };
  }
  return { kind: "read", text: Buffer.concat(parts).toString("utf8") };
}
