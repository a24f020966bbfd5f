import { printable } from "../base/printable.ts";

const LENGTH = 300;

/** Where Traefik's errors repeat what may be secret: a user with the password's hash, a rule with a header's value, a URL. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/(error parsing (?:Basic|Digest)User:).*/s, "$1 ***"],
  [/(error while parsing rule).*/s, "$1 ***"],
  [/\$(?:2[abxy]?|apr1|1|5|6|argon2\w*)\$[^\s"]+/g, "***"],
  [/\{SHA\}[^\s"]+/g, "***"],
  [/\/\/[^\s/@]*@/g, "//***@"],
];

/** A message of Traefik's, or of what answers in its place, as one short line without secrets that may be shown. */
export function harmlessError(text: string): string {
  const bare = SECRETS.reduce(
    (shown, [pattern, instead]) => shown.replace(pattern, instead),
    text.slice(0, 4 * LENGTH),
  );
  return printable(bare.slice(0, LENGTH));
}
