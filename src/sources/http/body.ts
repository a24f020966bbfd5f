import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { ANSWER_CUT, ANSWER_TOO_LARGE, failure } from "./failure.ts";

const unpack = promisify(gunzip);

/**
 * The whole body as text, unpacked. Throws ANSWER_TOO_LARGE as soon as it grows beyond `maxBytes`, packed or unpacked, and
 * ANSWER_CUT where it ends before its time: half an answer must never look like a whole one.
 */
export async function readBody(incoming: Readable, encoding: string | undefined, maxBytes: number): Promise<string> {
  const bytes = await collect(incoming, maxBytes);
  if (encoding !== "gzip") return bytes.toString("utf8");
  try {
    return (await unpack(bytes, { maxOutputLength: maxBytes })).toString("utf8");
  } catch (error) {
    const isTooLarge = error instanceof RangeError;
    throw failure(isTooLarge ? ANSWER_TOO_LARGE : ANSWER_CUT);
  }
}

async function collect(incoming: Readable, maxBytes: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const part of incoming) {
      length += part.length;
      if (length > maxBytes) break;
      parts.push(part);
    }
  } catch {
    throw failure(ANSWER_CUT);
  }
  if (length > maxBytes) throw failure(ANSWER_TOO_LARGE);
  return Buffer.concat(parts);
}
