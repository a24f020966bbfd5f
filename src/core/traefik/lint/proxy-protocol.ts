import { type LintCheck, titleOf, valueAt } from "./subject.ts";

/** The PROXY protocol has two versions; Traefik disables a TCP service that asks for another. */
export const checkProxyProtocol: LintCheck = (subject) => {
  const version = valueAt(subject.object, "loadBalancer", "proxyProtocol", "version");
  if (subject.protocol !== "tcp" || version === undefined || version === 1 || version === 2) return [];
  return [
    {
      code: "VALUE_UNKNOWN",
      message: `${titleOf(subject)} has proxyProtocol.version ${JSON.stringify(version)}, allowed are 1, 2`,
      remedy: "write 2",
    },
  ];
};
