import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
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
  async function gather(parts: AsyncIterable<Buffer>): Promise<Buffer> {
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
    return (encoding === "gzip" ? await gather(unpacked(found)) : found).toString("utf8");
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

function unpacked(packed: Buffer): AsyncIterable<Buffer> {
  const gunzip = createGunzip();
  gunzip.end(packed);
  return untilCut(gunzip, (error) => systemCode(error)?.startsWith("Z_") === true);
}
