import type { Finding } from "../../diagnostics/finding.ts";
import { keyOf, maskedTag } from "../labels/label-problem.ts";
import type { Label } from "../labels/labels.ts";
import { normalize } from "../normalize.ts";

/** Tags of Traefik v1, below a segment's name or not, and what says the same today. `NAME` is the service's. */
const OF_VERSION_1: readonly (readonly [key: RegExp, instead: string])[] = [
  [/^(?:[^.]+\.)?frontend\.rule$/i, "http.routers.NAME.rule=Host(`…`)"],
  [/^(?:[^.]+\.)?frontend\.entrypoints$/i, "http.routers.NAME.entryPoints=…"],
  [/^(?:[^.]+\.)?frontend\.priority$/i, "http.routers.NAME.priority=…"],
  [/^(?:[^.]+\.)?frontend\.passhostheader$/i, "http.services.NAME.loadbalancer.passHostHeader=…"],
  [
    /^(?:[^.]+\.)?frontend\.auth\b/i,
    "http.middlewares.NAME-auth.basicauth.users=… and http.routers.NAME.middlewares=NAME-auth",
  ],
  [/^(?:[^.]+\.)?frontends?(?:\.|$)/i, "http.routers.NAME.… and http.middlewares.…"],
  [
    /^(?:[^.]+\.)?backend\.loadbalancer\.sticky(?:ness)?(?:\.|$)/i,
    "http.services.NAME.loadbalancer.sticky.cookie=true",
  ],
  [/^(?:[^.]+\.)?backends?(?:\.|$)/i, "http.services.NAME.loadbalancer.…"],
  [/^port$/i, "http.services.NAME.loadbalancer.server.port=…"],
  [/^protocol$/i, "http.services.NAME.loadbalancer.server.scheme=…"],
  [/^weight$/i, "portolan.weight=…"],
];

/** In every key of version 1: most keys are looked at once. */
const MAY_BE_OF_VERSION_1 = /frontend|backend|^(?:port|protocol|weight)$/i;

/** The kinds of definitions, which stand below a protocol. */
const WITHOUT_PROTOCOL = /^(?:routers|services|middlewares)\./i;
const STORES = /^tls\.stores\.default/i;

/**
 * A key that Traefik reads from no tag: one of Traefik v1, one without its protocol, one of TLS options. Other keys that
 * Traefik does not know are left alone: a default rule or a constraint may read them.
 *
 * @param path the key without the prefix
 */
export function oldKeyHint(path: string, label: Label, service: string, prefix: string): Finding | undefined {
  const instead = (text: string) =>
    text.replaceAll("NAME", normalize(service)).replaceAll(/(?<=^|and )http/g, `${prefix}.http`);
  const old = MAY_BE_OF_VERSION_1.test(path) ? OF_VERSION_1.find(([key]) => key.test(path)) : undefined;
  if (old !== undefined) return ignored(label, "is one of Traefik v1", `write ${instead(old[1])}, or remove the tag`);
  if (WITHOUT_PROTOCOL.test(path)) {
    return ignored(
      label,
      "lacks the protocol",
      `begin it with ${prefix}.http., or with ${prefix}.tcp. or ${prefix}.udp.`,
    );
  }
  if (/^tls\./i.test(path) && !STORES.test(path)) {
    return ignored(
      label,
      "cannot be set in tags",
      "define it in a file of the snippets folder (snippets), or remove the tag",
    );
  }
  return undefined;
}

function ignored(label: Label, why: string, remedy: string): Finding {
  return {
    code: "TAG_IGNORED",
    message: `key ${JSON.stringify(keyOf(label))} ${why}: Traefik reads nothing from it`,
    remedy,
    tag: maskedTag(label),
    spot: { in: "key" },
  };
}
