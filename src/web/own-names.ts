import { isIP } from "node:net";

/**
 * Whether a request's Host header names this machine: an address, localhost, or one of the names. A page that a stranger's
 * site has loaded in an operator's browser may make that site's name resolve to the listener's address, and read the
 * answers; its requests carry its name. A request without the header comes from no browser.
 *
 * @param names without port, in lower case
 */
export function isOwnHost(header: string | undefined, names: ReadonlySet<string>): boolean {
  if (header === undefined) return true;
  const host = header.toLowerCase().replace(/:\d*$/, "").replace(/\.$/, "");
  const isAddress = isIP(host.replace(/^\[|\]$/g, "")) !== 0;
  return isAddress || host === "localhost" || names.has(host);
}
