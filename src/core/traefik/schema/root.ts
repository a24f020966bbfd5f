import { http } from "./http.ts";
import { object } from "./schema.ts";

/** The whole dynamic configuration. A section that is not translated yet is refused by name, never dropped in silence. */
export const ROOT = object({
  http,
  tcp: object({}, { untranslated: true }),
  udp: object({}, { untranslated: true }),
  tls: object({}, { untranslated: true }),
});
