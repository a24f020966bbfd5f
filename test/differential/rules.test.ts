import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkRule } from "../../src/core/traefik/rule/check-rule.ts";
import { type Oracle, startOracle } from "../support/oracle.ts";
import { findTool } from "../support/real-binaries.ts";
import { expressions, patterns, type Vocabulary } from "./generators/expressions.ts";

const VOCABULARY: Readonly<Record<"http" | "tcp", Vocabulary>> = {
  http: {
    functions: {
      Host: ["`example.org`", '"a.b"', "`a`,"],
      HostRegexp: ["`^.+\\.example\\.org$`", '"a|b"'],
      Path: ["`/a`", '"/\\u00e9"', '"/\\xff"'],
      PathPrefix: ["`/`"],
      PathRegexp: ["`^/[a-z]{1,63}$`"],
      Method: ["`get`"],
      ClientIP: ["`10.0.0.0/8`", "`::1`"],
      Header: ["`X-A`, `b`"],
      HeaderRegexp: ["`X-A`,\n`b+`"],
      Query: ["`a`", "`a`, `b`"],
      QueryRegexp: ["`(`", "`a`, `b?`"],
      HostSNI: ["`*`"],
    },
    texts: [
      ...["example.org", "exämple.org", "", "/", "/a b", "a/b", "GET", "X-A", "^/a(/.*)?$", "a\rb"],
      ...["10.0.0.1", "10.0.0.01", "10.0.0.0/8", "10.0.0.0/33", "10.0.0.0/08", "256.1.1.1", "::1", "fe80::1%eth0"],
      ...["::ffff:1.2.3.4/128", "1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:8::", "2001:db8::/32", "2001:db8::/129", "::/"],
    ],
  },
  tcp: {
    functions: {
      HostSNI: ["`*`", "`example.org`"],
      HostSNIRegexp: ["`^.+\\.example\\.org$`"],
      ClientIP: ["`10.0.0.0/8`"],
      ALPN: ["`h2`"],
      Host: ["`a`"],
    },
    texts: [
      ...["*", "*.example.org", "example.org", "a_b:c", "exämple.org", "", "h2", "acme-tls/1", "a b", "a\n"],
      ...["10.0.0.1", "10.0.0.0/8", "1.2.3", "::", ":::", "1::2::3", "fe80::1%eth0/64", "12345::"],
    ],
  },
};

/** What Traefik takes and checkRule does not, on purpose. */
const STRICTER = [
  { what: "Go's dots after the last argument", rule: "Host(`a`...)" },
  { what: "Unicode classes that only the regular expressions of Go 1.25 name so", rule: "PathRegexp(`\\p{Letter}`)" },
  { what: "more than 100 open parentheses", rule: `${"(".repeat(101)}Host(\`a\`)${")".repeat(101)}` },
  { what: "regular expressions that grow large", rule: `PathRegexp(\`${"a{1000}".repeat(100)}\`)` },
  { what: "rules of more than 65,536 characters", rule: `Host(\`${"a".repeat(65_536)}\`)` },
];

const tool = await findTool("oracle");

describe.skipIf(tool === undefined)("a rule is sound exactly when Traefik can add it", () => {
  let oracle: Oracle;
  beforeAll(() => {
    if (tool !== undefined) oracle = startOracle(tool);
  });
  afterAll(() => oracle.stop());

  async function compare(protocol: "http" | "tcp", rule: string) {
    const judgement = checkRule(protocol, rule);
    const answer = await oracle.ask({ op: "rule", protocol, rule });
    expect(answer.panic).toBeUndefined();
    const ours = judgement.kind === "sound" ? judgement.priorityByLength : "broken";
    expect({ rule, judgement: ours }).toEqual({ rule, judgement: answer.ok === true ? answer.priority : "broken" });
  }

  test.each(["http", "tcp"] as const)("%s: generated rules", async (protocol) => {
    const rules = expressions(VOCABULARY[protocol]);
    await fc.assert(
      fc.asyncProperty(rules, (rule) => compare(protocol, rule)),
      { seed: 1, numRuns: 4_000 },
    );
  });

  test("generated regular expressions", async () => {
    const rules = patterns.map((pattern) => `PathRegexp(${JSON.stringify(pattern)})`);
    await fc.assert(
      fc.asyncProperty(rules, (rule) => compare("http", rule)),
      { seed: 2, numRuns: 4_000 },
    );
  });

  test.each(STRICTER)("stricter on purpose: $what", async ({ rule }) => {
    expect(await oracle.ask({ op: "rule", protocol: "http", rule })).toMatchObject({ ok: true });
    expect(checkRule("http", rule).kind).toBe("broken");
  });

  test("laxer on purpose: Go's directives in comments go unread", async () => {
    const rule = "//line :0\nHost(`a`)";
    expect(await oracle.ask({ op: "rule", protocol: "http", rule })).toHaveProperty("error");
    expect(checkRule("http", rule).kind).toBe("sound");
  });
});
