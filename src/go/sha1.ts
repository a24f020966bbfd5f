import { sha1 } from "@noble/hashes/legacy.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { utf8Bytes } from "./utf8.ts";

/** The SHA-1 of a text's UTF-8 bytes, in lower case hexadecimal, as Go's `%x` of `sha1.Sum`. Not for secrets: for names that Go hashes so. */
export function sha1Hex(text: string): string {
  return bytesToHex(sha1(Uint8Array.from(utf8Bytes(text))));
}
