import { isConfigObject } from "../chart/dynamic-config.ts";
import { type LintCheck, titleOf, valueAt } from "./subject.ts";

/** Sticky sessions are kept by a cookie, and there is none until it is asked for: `sticky=true` alone was Traefik v1's way. */
export const checkSticky: LintCheck = (subject) =>
  (["loadBalancer", "weighted"] as const).flatMap((type) => {
    const sticky = valueAt(subject.object, type, "sticky");
    if (!isConfigObject(sticky) || Object.keys(sticky).length > 0) return [];
    return [
      {
        code: "VALUE_IGNORED",
        message: `${titleOf(subject)} has ${type}.sticky without a cookie, which does nothing: requests are spread as without it`,
        remedy: `write ${type}.sticky.cookie=true instead of ${type}.sticky=true`,
      } as const,
    ];
  });
