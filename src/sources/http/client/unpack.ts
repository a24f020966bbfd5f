import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { ANSWER_CUT, ANSWER_TOO_LARGE, failure } from "./failure.ts";

const unpack = promisify(gunzip);

/**
 * The text of a body, unpacked if it was packed. Rejects with ANSWER_CUT where the packed body ends before its time: half an
 * answer must never look like a whole one; and with ANSWER_TOO_LARGE where it would unpack to more than `maxBytes`.
 */
export async function unpackedText(body: Buffer, encoding: string | undefined, maxBytes: number): Promise<string> {
  if (encoding !== "gzip") return body.toString("utf8");
  try {
    return (await unpack(body, { maxOutputLength: maxBytes })).toString("utf8");
  } catch (error) {
    throw failure(error instanceof RangeError ? ANSWER_TOO_LARGE : ANSWER_CUT);
  }
}
