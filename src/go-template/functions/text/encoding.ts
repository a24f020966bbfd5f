import { fixed, type GoFunction, TEXT } from "../parameter.ts";

const BASE64 = {
  alphabet: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
  bits: 6,
  block: 4,
  name: "base64",
};
const BASE32 = { alphabet: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", bits: 5, block: 8, name: "base32" };

type Encoding = typeof BASE64;

/** sprig's encodings of bytes as text. What cannot be decoded gives Go's message as the result, and no error. */
export const ENCODING_FUNCTIONS: Readonly<Record<string, GoFunction>> = {
  b64enc: fixed([TEXT], (_, bytes) => encode(bytes, BASE64)),
  b64dec: fixed([TEXT], (_, text) => decode(text, BASE64)),
  b32enc: fixed([TEXT], (_, bytes) => encode(bytes, BASE32)),
  b32dec: fixed([TEXT], (_, text) => decode(text, BASE32)),
};

function encode(bytes: string, { alphabet, bits, block }: Encoding): string {
  let text = "";
  let rest = 0;
  let held = 0;
  for (let at = 0; at < bytes.length; at++) {
    rest = (rest << 8) | bytes.charCodeAt(at);
    for (held += 8; held >= bits; held -= bits) text += alphabet.charAt((rest >> (held - bits)) & (2 ** bits - 1));
    rest &= 2 ** held - 1;
  }
  if (held > 0) text += alphabet.charAt((rest << (bits - held)) & (2 ** bits - 1));
  return text.padEnd(Math.ceil(text.length / block) * block, "=");
}

/** Line ends are skipped, padding is required, and bits left over are ignored, as in Go. */
function decode(text: string, { alphabet, bits, block, name }: Encoding): string {
  let bytes = "";
  let rest = 0;
  let held = 0;
  let digits = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === "\r" || character === "\n") continue;
    const digit = alphabet.indexOf(character);
    if (digit < 0) {
      const end = character === "=" ? paddingEnd(text, at, digits % block, block) : at;
      return end === "good" ? bytes : `illegal ${name} data at input byte ${end}`;
    }
    digits++;
    rest = (rest << bits) | digit;
    held += bits;
    if (held >= 8) {
      held -= 8;
      bytes += String.fromCharCode((rest >> held) & 0xff);
    }
    rest &= 2 ** held - 1;
  }
  return digits % block === 0 ? bytes : `illegal ${name} data at input byte ${text.length - (digits % block)}`;
}

/** Where the padding that starts at `at` goes wrong. */
function paddingEnd(text: string, at: number, digits: number, block: number): number | "good" {
  const possible = block === 4 ? [2, 3] : [2, 4, 5, 7];
  if (!possible.includes(digits)) return at;
  const padding = /^[=\r\n]*/.exec(text.slice(at))?.[0] ?? "";
  const missing = block - digits;
  const signs = padding.replace(/[\r\n]/g, "").length;
  if (at + padding.length < text.length) return at + padding.length - (signs < missing ? 1 : 0);
  return signs === missing ? "good" : text.length;
}
