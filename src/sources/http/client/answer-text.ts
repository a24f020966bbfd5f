import type { Readable } from "node:stream";
import { createGunzip, gunzipSync } from "node:zlib";
import { systemCode } from "../../../base/system-code.ts";
import type { AnswerMemory } from "./answer-memory.ts";
import { isCancel } from "./axios.ts";
import { ANSWER_CUT, ANSWER_TOO_LARGE, ANSWERS_TOO_LARGE, failure } from "./failure.ts";

/**
 * The text of an answer's body, unpacked if it was packed. Rejects with axios's error where the request is cancelled; with
 * ANSWER_CUT where the body ends before its time: half an answer must never look like a whole one; with ANSWER_TOO_LARGE
 * where it has more than `maxBytes`, packed or unpacked; and with ANSWERS_TOO_LARGE where there is no memory left for it.
 */
export async function answerText(
  body: Readable,
  encoding: string | undefined,
  maxBytes: number,
  memory: AnswerMemory,
): Promise<string> {
  let taken = 0;
  async function gather(parts: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<Buffer> {
    const gathered: Buffer[] = [];
    let length = 0;
    for await (const part of parts) {
      length += part.length;
      if (length > maxBytes) throw failure(ANSWER_TOO_LARGE);
      if (!memory.take(part.length)) throw failure(ANSWERS_TOO_LARGE);
      taken += part.length;
      gathered.push(part);
    }
    return Buffer.concat(gathered, length);
  }
  try {
    const found = await gather(untilCut(body, (error) => !isCancel(error)));
    return (encoding === "gzip" ? await gather(unpackedAtOnce(found) ?? unpacked(found)) : found).toString("utf8");
  } finally {
    memory.give(taken);
  }
}

/** The parts as they come; where they end before their time, ANSWER_CUT. */
export async function* untilCut(
  parts: AsyncIterable<Buffer>,
  isCut: (error: unknown) => boolean,
): AsyncGenerator<Buffer> {
  try {
    yield* parts;
  } catch (error) {
    throw isCut(error) ? failure(ANSWER_CUT) : error;
  }
}

/** More than the answer about one service has, or about a machine with five hundred of them: unpacked within a millisecond. */
const SMALL_BYTES = 256 * 1024;
/** A stream unpacks larger ones in parts of this size; each part is a way to a thread and back. */
const PART_BYTES = 128 * 1024;
/** At the end of what gzip packs stands how many bytes it was (RFC 1952, ISIZE, the last 32 bits of it). */
const LENGTH_BYTES = 4;

/**
 * A small answer without the threads and the stream that are worth their price for a large one only; undefined for an answer
 * that is not small, or not sound: what is wrong with it shows when it is unpacked piece by piece.
 */
function unpackedAtOnce(packed: Buffer): readonly Buffer[] | undefined {
  if (packed.length < LENGTH_BYTES || packed.readUInt32LE(packed.length - LENGTH_BYTES) > SMALL_BYTES) return undefined;
  try {
    // What it says of its length may be wrong.
    return [gunzipSync(packed, { maxOutputLength: SMALL_BYTES })];
  } catch {
    return undefined;
  }
}

function unpacked(packed: Buffer): AsyncIterable<Buffer> {
  const gunzip = createGunzip({ chunkSize: PART_BYTES });
  gunzip.end(packed);
  return untilCut(gunzip, (error) => systemCode(error)?.startsWith("Z_") === true);
}
