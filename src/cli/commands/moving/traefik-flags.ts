import { lastingAddress } from "../../../config/files/catalog-address.ts";
import type { TraefikApiSettings } from "../../../traefik-api/api-requests.ts";
import { type Flag, type FlagValues, usageError } from "../../command-line/command-line.ts";
import { quoted } from "../../text/quoted.ts";

/** Where a running Traefik is asked, and as whom. */
export const TRAEFIK_API_FLAGS: readonly Flag[] = [
  { name: "traefik-api", value: "URL", help: "Traefik's API, as http://127.0.0.1:8080" },
  { name: "traefik-user", value: "NAME", help: "user where it asks for a password" },
  { name: "traefik-password-file", value: "FILE", help: "file with the password" },
];

/** What messages call the address. */
export const TRAEFIK_API_SETTING = "--traefik-api";

/** How the flags say that Traefik's API is reached; undefined without an address. Throws AppError (exit code 64) for none. */
export function traefikApiFrom(flags: FlagValues, command: string): TraefikApiSettings | undefined {
  const given = flags["traefik-api"];
  if (given === undefined) return undefined;
  if (given.startsWith("unix:///")) return withUser(given, flags);
  const url = /^https?:\/\/[^\s/]/i.test(given) ? URL.parse(given) : null;
  const isBare = url !== null && url.username + url.password + url.search + url.hash === "";
  if (url === null || !isBare) {
    const why =
      url === null
        ? "http://HOST:PORT, https://HOST:PORT or unix:///PATH is allowed"
        : "an address without user, password and query is allowed; the user goes into --traefik-user, and a file with the password into --traefik-password-file";
    throw usageError(
      `${command}: --traefik-api: found ${quoted(lastingAddress(given.replace(/\/\/[^/@]*@/, "//…@")))}, ${why}`,
    );
  }
  return withUser(url.href.replace(/\/+$/, ""), flags);
}

function withUser(address: string, flags: FlagValues): TraefikApiSettings {
  const { "traefik-user": user, "traefik-password-file": passwordFile } = flags;
  return {
    address,
    ...(user === undefined ? {} : { user }),
    ...(passwordFile === undefined ? {} : { passwordFile }),
  };
}
