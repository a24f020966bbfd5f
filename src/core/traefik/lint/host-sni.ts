import { checkedRule } from "./rule.ts";
import { type LintCheck, titleOf, valueAt } from "./subject.ts";

/**
 * Without TLS no client names a host, so that Traefik disables a TCP router whose rule asks for one. It looks at the
 * first HostSNI of the rule only, and never at HostSNIRegexp.
 */
export const checkHostSni: LintCheck = (subject) => {
  if (subject.protocol !== "tcp" || valueAt(subject.object, "tls") !== undefined) return [];
  const checked = checkedRule(subject);
  if (checked?.kind !== "sound") return [];
  const host = checked.matchers.find((matcher) => matcher.name === "HostSNI")?.values[0];
  if (host === undefined || host === "*") return [];
  return [
    {
      code: "HOSTSNI_WITHOUT_TLS",
      message: `${titleOf(subject)} asks for HostSNI(${JSON.stringify(host)}) without TLS, where clients tell no host name`,
      remedy: "set tls on the router, or write HostSNI(`*`)",
    },
  ];
};
