import { MASK, maskSecrets } from "../../core/traefik/mask-secrets.ts";
import { withoutCredentials } from "../../core/traefik/url-credentials.ts";
import { type ConfigObject, type ConfigValue, isConfigObject } from "../../core/traefik/vocabulary/config-value.ts";

/** Keys whose value no output may show, wherever in the settings they stand. */
export const SECRET_KEYS: ReadonlySet<string> = new Set(["token", "password", "secret"]);

/**
 * A value of the settings as it may be shown: without tokens, without what Traefik's fields hold as secrets (certificates, keys),
 * and without credentials in addresses. The names of files stay.
 *
 * @param key the last part of its path
 */
export function maskedSetting(value: unknown, key = ""): unknown {
  if (SECRET_KEYS.has(key) && value !== undefined) return MASK;
  if (typeof value === "string") return maskedText(value);
  if (Array.isArray(value)) return value.map((one) => maskedSetting(one));
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).map(([name, one]) => [
    name,
    maskedSetting(key === "serversTransports" ? transportMasked(one) : one, name),
  ]);
  return Object.fromEntries(fields);
}

function maskedText(text: string): string {
  if (text.includes("-----BEGIN")) return MASK;
  return /:\/\/.*@/s.test(text) ? withoutCredentials(text) : text;
}

function transportMasked(value: unknown): unknown {
  return isConfigObject(value as ConfigValue) ? maskSecrets("http/serversTransports", value as ConfigObject) : value;
}
