import { utf8Bytes } from "./utf8.ts";

/** The SHA-1 of a text's UTF-8 bytes, in lower case hexadecimal, as Go's `%x` of `sha1.Sum`. Not for secrets: for names that Go hashes so. */
export function sha1Hex(text: string): string {
  const message = [...utf8Bytes(text)];
  const bits = message.length * 8;
  message.push(0x80);
  while (message.length % 64 !== 56) message.push(0);
  message.push(0, 0, 0, 0, (bits >>> 24) & 255, (bits >>> 16) & 255, (bits >>> 8) & 255, bits & 255);
  const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
  for (let at = 0; at < message.length; at += 64) addBlock(state, message.slice(at, at + 64));
  return state.map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}

function addBlock(state: number[], block: readonly number[]): void {
  const words: number[] = [];
  for (let i = 0; i < 80; i += 1) words.push(i < 16 ? wordAt(block, i * 4) : rotated(mixed(words, i), 1));
  let [a = 0, b = 0, c = 0, d = 0, e = 0] = state;
  for (const [i, word] of words.entries()) {
    const [f, k] = roundOf(i, b, c, d);
    [a, b, c, d, e] = [(rotated(a, 5) + f + e + k + word) | 0, a, rotated(b, 30), c, d];
  }
  for (const [i, value] of [a, b, c, d, e].entries()) state[i] = ((state[i] ?? 0) + value) | 0;
}

function roundOf(i: number, b: number, c: number, d: number): readonly [number, number] {
  if (i < 20) return [(b & c) | (~b & d), 0x5a827999];
  if (i < 40) return [b ^ c ^ d, 0x6ed9eba1];
  if (i < 60) return [(b & c) | (b & d) | (c & d), 0x8f1bbcdc];
  return [b ^ c ^ d, 0xca62c1d6];
}

function mixed(words: readonly number[], i: number): number {
  return (words[i - 3] ?? 0) ^ (words[i - 8] ?? 0) ^ (words[i - 14] ?? 0) ^ (words[i - 16] ?? 0);
}

function wordAt(bytes: readonly number[], at: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = bytes.slice(at, at + 4);
  return (a << 24) | (b << 16) | (c << 8) | d;
}

function rotated(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}
