import {
  type ArgumentCheck,
  absolutePath,
  alpnProtocol,
  anyText,
  asciiHost,
  asciiRegex,
  ipRange,
  regex,
  serverName,
} from "./argument.ts";

export type RuleProtocol = "http" | "tcp";

/** A matcher as a rule uses it. */
export interface RuleMatcher {
  /** As Traefik's documentation spells it. */
  readonly name: string;
  readonly values: readonly string[];
  /** Offset in the rule, in UTF-16 units. */
  readonly position: number;
}

export interface Matcher {
  readonly name: string;
  /** One for each argument it can have. */
  readonly checks: readonly ArgumentCheck[];
  /** How many of them it must have. */
  readonly required: number;
}

function matcher(name: string, checks: readonly ArgumentCheck[], required = checks.length): Matcher {
  return { name, checks, required };
}

/** Traefik's matchers of rule syntax v3, in the order of its documentation. */
export const MATCHERS: Readonly<Record<RuleProtocol, readonly Matcher[]>> = {
  http: [
    matcher("Header", [anyText, anyText]),
    matcher("HeaderRegexp", [anyText, regex]),
    matcher("Host", [asciiHost]),
    matcher("HostRegexp", [asciiRegex]),
    matcher("Method", [anyText]),
    matcher("Path", [absolutePath]),
    matcher("PathPrefix", [absolutePath]),
    matcher("PathRegexp", [regex]),
    matcher("Query", [anyText, anyText], 1),
    matcher("QueryRegexp", [anyText, regex], 1),
    matcher("ClientIP", [ipRange]),
  ],
  tcp: [
    matcher("HostSNI", [serverName]),
    matcher("HostSNIRegexp", [asciiRegex]),
    matcher("ClientIP", [ipRange]),
    matcher("ALPN", [alpnProtocol]),
  ],
};

const BY_SPELLING: Readonly<Record<RuleProtocol, ReadonlyMap<string, Matcher>>> = {
  http: bySpelling(MATCHERS.http),
  tcp: bySpelling(MATCHERS.tcp),
};

/** Names are known in four spellings and no other: `HostRegexp`, `hostregexp`, `HOSTREGEXP` and `Hostregexp`. */
export function findMatcher(protocol: RuleProtocol, name: string): Matcher | undefined {
  return BY_SPELLING[protocol].get(name);
}

function bySpelling(matchers: readonly Matcher[]): ReadonlyMap<string, Matcher> {
  return new Map(matchers.flatMap((one) => spellings(one.name).map((spelling) => [spelling, one] as const)));
}

function spellings(name: string): readonly string[] {
  const lower = name.toLowerCase();
  return [name, lower, name.toUpperCase(), name.charAt(0) + lower.slice(1)];
}
