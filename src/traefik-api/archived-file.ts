import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";

const BLOCK = 512;
const NAME_END = 100;
const SIZE_FROM = 124;
const SIZE_END = 136;

/**
 * The text of one file in a packed tar archive that is read as it comes, and no further than to the end of that file.
 * Undefined where the archive has no such file, or none within `mostBytes` unpacked. Rejects where it is no archive.
 */
export async function archivedFile(
  parts: AsyncIterable<Buffer>,
  name: string,
  mostBytes: number,
): Promise<string | undefined> {
  // What goes wrong with the parts ends the unpacking, and is thrown there; a reader that has enough ends the parts.
  const unpacked = pipeline(Readable.from(parts), createGunzip(), () => {});
  let gathered = Buffer.alloc(0);
  let taken = 0;
  try {
    for await (const part of unpacked) {
      taken += part.length;
      if (taken > mostBytes) return undefined;
      gathered = Buffer.concat([gathered, part]);
      for (;;) {
        if (gathered.length < BLOCK) break;
        const found = textUntilNul(gathered.subarray(0, NAME_END));
        const size = Number.parseInt(textUntilNul(gathered.subarray(SIZE_FROM, SIZE_END)), 8);
        // Two empty blocks end an archive.
        if (found === "" || !Number.isSafeInteger(size) || size < 0) return undefined;
        const end = BLOCK + size;
        if (found === name && gathered.length >= end) return gathered.toString("utf8", BLOCK, end);
        const next = BLOCK + Math.ceil(size / BLOCK) * BLOCK;
        if (found === name || gathered.length < next) break;
        gathered = gathered.subarray(next);
      }
    }
  } finally {
    unpacked.destroy();
  }
  return undefined;
}

function textUntilNul(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString("utf8", 0, end < 0 ? bytes.length : end).trim();
}
