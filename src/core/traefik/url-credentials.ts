/** A URL, or what was meant for one, as it may be shown: whatever stands before an `@` may be a password. */
export function withoutCredentials(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, (_, scheme = "") => `${scheme}***@`);
}
