import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { ANSWER_CUT, ANSWER_TOO_LARGE, failure } from "./failure.ts";

const unpack = promisify(gunzip);

/**
 * The whole body, as it came. Must be called before the first event is awaited: a short answer may have come and gone
 * within one turn of the loop. Rejects with ANSWER_TOO_LARGE as soon as it grows beyond `maxBytes`, and with ANSWER_CUT
 * where it ends before its time: half an answer must never look like a whole one.
 *
 * @param isWhole asked at the very end: Node lets the body of a lost HTTP/2 connection end as if that were all
 */
export function collectBody(incoming: Readable, maxBytes: number, isWhole: () => boolean): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let length = 0;
    incoming.on("data", (part: Buffer) => {
      length += part.length;
      if (length <= maxBytes) {
        parts.push(part);
        return;
      }
      reject(failure(ANSWER_TOO_LARGE));
      incoming.destroy();
    });
    incoming.once("error", () => reject(failure(ANSWER_CUT)));
    incoming.once("close", () => {
      if (incoming.readableEnded && isWhole()) resolve(Buffer.concat(parts));
      else reject(failure(ANSWER_CUT));
    });
  });
}

/** The text of a body, unpacked if it was packed. Throws like `collectBody`; what it unpacks to may be as large. */
export async function textOf(body: Buffer, encoding: string | undefined, maxBytes: number): Promise<string> {
  if (encoding !== "gzip") return body.toString("utf8");
  try {
    return (await unpack(body, { maxOutputLength: maxBytes })).toString("utf8");
  } catch (error) {
    throw failure(error instanceof RangeError ? ANSWER_TOO_LARGE : ANSWER_CUT);
  }
}
