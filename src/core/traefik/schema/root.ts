import { http } from "./http.ts";
import { object } from "./schema.ts";
import { tcp } from "./tcp.ts";
import { tls } from "./tls.ts";
import { udp } from "./udp.ts";

/** The whole dynamic configuration. */
export const ROOT = object({ http, tcp, udp, tls });
