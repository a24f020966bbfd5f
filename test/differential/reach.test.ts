import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readRequest } from "../../src/core/traefik/request-match/known-request.ts";
import { matchRouter } from "../../src/core/traefik/request-match/match-rule.ts";
import { reachOfRouter } from "../../src/core/traefik/rule-reach/reach.ts";
import { has } from "../../src/core/traefik/rule-reach/text-set.ts";
import { type Oracle, startOracle } from "../support/oracle.ts";
import { findTool } from "../support/real-binaries.ts";

/** No name has two dots at its end; all else that a client may send, whatever its spelling. */
const HOSTS = ["a", "a.org", "b.org", "x.a.org", "ab.org", "A.org", "a.org.", "org", "", "a.orgy", "aXorg"];
const PATHS = ["/", "/a", "/a/b", "/ab", "/A", "/b", "/a.b", "//a", "/a/../b"];

const CLEANED = /\/\/|\/\.\.?(?:\/|$)/;

const REGEXES = [
  ...["^a\\.org$", "a.org", "^a", "org$", "^(a|b)\\.org$", "^.+\\.org$", "^a\\.org|b\\.org$", "^[a-z]+[.]org$", ".*"],
  ...[
    "(?i)^A\\.ORG$",
    "^a\\.org\\.$",
    "^x\\.(a\\.)?org$",
    "^(a)?$",
    "^a?b?.*$",
    "^$",
    "^a{2}",
    "a|",
    "^(?:a|x\\.a)\\.org\\.?$",
  ],
  ...[
    "^\\w+\\.org$",
    "^a\\.o(r|s)g$",
    "^[^b]",
    "^[.a]+$",
    "\\Aa\\.org\\z",
    "^((a)|b)[.]org$",
    "^a\\.org$$",
    "^^a",
    "(?m)^a$",
  ],
];
const PATH_REGEXES = ["^/a$", "/a", "^/[ab]$", "^/(a|b)/", "(?i)^/A$", "^/a/?$", "b$", "^/.*b$"];

const leaf = {
  http: fc.oneof(
    fc.constantFrom("a.org..", ...HOSTS.filter((host) => host !== "")).map((host) => `Host(\`${host}\`)`),
    fc.constantFrom(...REGEXES).map((regex) => `HostRegexp(\`${regex}\`)`),
    fc.constantFrom(...PATHS).map((path) => `Path(\`${path}\`)`),
    fc.constantFrom(...PATHS).map((path) => `PathPrefix(\`${path}\`)`),
    fc.constantFrom(...PATH_REGEXES).map((regex) => `PathRegexp(\`${regex}\`)`),
    fc.constantFrom("Method(`GET`)", "Method(`PUT`)", "Header(`X`, `y`)"),
  ),
  tcp: fc.oneof(
    fc.constantFrom("*", ...HOSTS.filter((host) => host !== "")).map((host) => `HostSNI(\`${host}\`)`),
    fc.constantFrom(...REGEXES).map((regex) => `HostSNIRegexp(\`${regex}\`)`),
    fc.constantFrom("ALPN(`h2`)", "ClientIP(`192.0.2.0/24`)"),
  ),
};

function rules(protocol: "http" | "tcp"): fc.Arbitrary<string> {
  return fc.letrec<{ rule: string }>((tie) => ({
    rule: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      { weight: 3, arbitrary: leaf[protocol] },
      tie("rule").map((rule) => `!(${rule})`),
      fc.tuple(tie("rule"), fc.constantFrom("&&", "||"), tie("rule")).map(([a, op, b]) => `(${a} ${op} ${b})`),
    ),
  })).rule;
}

const tool = await findTool("oracle");

describe.skipIf(tool === undefined)("whatever traefik matches by a rule is within its reach", () => {
  let oracle: Oracle;
  beforeAll(() => {
    if (tool !== undefined) oracle = startOracle(tool);
  });
  afterAll(() => oracle.stop());

  async function compare(protocol: "http" | "tcp", rule: string, ruleSyntax: "v2" | "v3"): Promise<number> {
    const paths = protocol === "http" ? PATHS : ["/"];
    const arrivals = HOSTS.flatMap((host) => paths.map((path) => ({ host, path })));
    const { matched, error } = await oracle.ask({ op: "match", protocol, rule, syntax: ruleSyntax, arrivals });
    if (matched === undefined) throw new Error(`${rule}: ${error}`);
    const { areas } = reachOfRouter(`${protocol}/routers`, { rule, ruleSyntax });
    const outside = arrivals.filter(({ host, path }, i) => {
      const name = host.toLowerCase().replace(/\.+$/, "");
      return matched[i] && areas?.every((area) => !has(area.host, name) || !has(area.path, path));
    });
    expect({ rule, outside }).toEqual({ rule, outside: [] });
    if (protocol === "http") {
      const otherwise = arrivals.filter(({ host, path }, i) => {
        // Entry points clean paths, which this program does not have.
        const request = CLEANED.test(path) ? undefined : readRequest(`http://${host}${path}`);
        const match = request && matchRouter("http/routers", { rule, ruleSyntax }, request);
        return match !== undefined && match.kind !== "if" && (match.kind === "yes") !== matched[i];
      });
      expect({ rule, otherwise }).toEqual({ rule, otherwise: [] });
    }
    return matched.filter(Boolean).length;
  }

  test.each(["http", "tcp"] as const)("%s: generated rules", async (protocol) => {
    let matched = 0;
    await fc.assert(
      fc.asyncProperty(rules(protocol), async (rule) => {
        matched += await compare(protocol, rule, "v3");
      }),
      { seed: 1, numRuns: 1_500 },
    );
    expect(matched).toBeGreaterThan(1_000);
  });

  test.each([
    "Host(`a.org`, `b.org`)",
    "HostHeader(`A.org`) || Path(`/a`, `/b`)",
    "PathPrefix(`/{any:.*}`)",
    "PathPrefix(`/a/{rest}`) && HostRegexp(`{sub:[a-z]+}.a.org`)",
    "!Host(`a.org`)",
  ])("the old syntax: %s", async (rule) => {
    expect(await compare("http", rule, "v2")).toBeGreaterThan(0);
  });

  test.each(["HostSNI(`a.org`, `b.org`)", "HostSNI(`*`)", "HostSNIRegexp(`{sub:[a-z]+}.org`)"])(
    "the old syntax of TCP: %s",
    async (rule) => {
      expect(await compare("tcp", rule, "v2")).toBeGreaterThan(0);
    },
  );
});
