/** Unicode's White_Space, which Go trims. JavaScript's `trim` leaves U+0085 and takes U+FEFF. */
const WHITE_SPACE = /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/;

/** Without the white space at both ends, as Go's `strings.TrimSpace`. */
export function trimSpace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isSpace(text, start)) start++;
  while (end > start && isSpace(text, end - 1)) end--;
  return text.slice(start, end);
}

function isSpace(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return (unit <= 0x20 || unit > 0x7f) && WHITE_SPACE.test(text.charAt(at));
}
