import { catalogHealthOf } from "../catalog/health.ts";
import { createTranslator } from "../instances/instance.ts";
import { plainServer } from "../translate/registered-server.ts";

/**
 * Translates one instance as Traefik's own catalog providers do: by the registration and the `traefik.*` tags alone, and
 * without judging what the tags ask for. What Traefik makes of it counts, however much it is.
 */
export const translatorLikeTraefik = createTranslator({
  hasOwnTags: false,
  fragments: {
    refusalCosts: "instance",
    ownProvider: "@file",
    judgeServerUrl: () => undefined,
    judgeServerPort: () => undefined,
    judgeMiddleware: () => undefined,
    judgeWhole: () => {},
    emptyObjectHint: () => undefined,
  },
  sizeFinding: () => undefined,
  connect: () => ({ kind: "hidden", why: "connect" }),
  healthOf: catalogHealthOf,
  mustBeChecked: () => false,
  isCanary: ({ canary }) => canary,
  inNamespace: (name) => name,
  serverOf: plainServer,
  permit: (_, fragment, findings) => ({ kind: "built", fragment, findings }),
  putDefaultsBefore: (fragment) => ({ fragment, findings: [] }),
  meetDemands: (fragment) => ({ fragment, findings: [] }),
  tagHints: () => [],
  notEnabledHint: () => undefined,
});
