import { describe, expect, test } from "vitest";
import { checkRule } from "../../../../src/core/traefik/rule/check-rule.ts";

/** The piece of the rule that is to blame, and what is said about it. */
function blame(protocol: "http" | "tcp", rule: string) {
  const checked = checkRule(protocol, rule);
  if (checked.kind === "sound") return "sound";
  const { position, length, message, remedy } = checked;
  return { culprit: rule.slice(position, position + length), position, message, remedy };
}

describe("sound rules", () => {
  test.each([
    "Host(`example.org`)",
    'Host("example.org")',
    "host(`a`) && PATHPREFIX(`/x`) || Hostregexp(`b`)",
    "!Host(`a`) && !(Path(`/`) || Path(`/x`))",
    "Host(`a`,)",
    "Host(`a`) &&\n  Path(`/`)\n",
    "(Host(`a`) /* ours */) // for now",
    "Header(`X-A`, `b`) && HeaderRegexp(`X-A`, `^b$`)",
    "Query(`a`) && Query(`a`, `b`) && QueryRegexp(`a`, `b+`) && QueryRegexp(`(`)",
    "Method(`anything at all`)",
    "ClientIP(`10.0.0.1`) || ClientIP(`10.1.2.3/8`) || ClientIP(`::1`) || ClientIP(`fd00::/08`)",
    "ClientIP(`::ffff:10.0.0.1`) || ClientIP(`1:2:3:4:5:6:7::`)",
    'Path("/\\u00e9\\xff")',
    "\ufeffHost(`a`)",
  ])("%j", (rule) => {
    expect(blame("http", rule)).toBe("sound");
  });

  test.each([
    "HostSNI(`*`)",
    "HostSNI(`a_b.example.org:1`) && ALPN(`h2`)",
    "HostSNIRegexp(`^.+$`) || ClientIP(`::/0`)",
  ])("tcp: %j", (rule) => {
    expect(blame("tcp", rule)).toBe("sound");
  });

  test("list their matchers in order, spelled as documented", () => {
    expect(checkRule("http", 'HOST(`A`) && !(query(`a`, "\\x62"))')).toMatchObject({
      matchers: [
        { name: "Host", values: ["A"], position: 0 },
        { name: "Query", values: ["a", "b"], position: 15 },
      ],
    });
  });
});

describe("the priority of a rule", () => {
  test.each([
    ["http", "Host(`a`)", 9],
    ["http", "Path(`/é😀`)", 15],
    ["http", "Path(`/\ud800`)", 12],
    ["tcp", "HostSNI(`*`)", -1],
    ["tcp", "!(hostsni(`*`))", -1],
    ["tcp", "HostSNI(`a`)", 12],
    ["tcp", "HostSNI(`*`) && ClientIP(`::1`)", 31],
  ] as const)("%s %j is %d", (protocol, rule, priorityByLength) => {
    expect(checkRule(protocol, rule)).toMatchObject({ kind: "sound", priorityByLength });
  });
});

describe("broken rules", () => {
  test.each([
    ["", "", "found the end"],
    ["Host(`a`", "", "found the end"],
    ["Host(`a`))", ")", 'found ")"'],
    ["Host(`a`) Path(`/`)", "Path", 'found "Path"'],
    ["Host(`a`)\n&& Path(`/`)", "", "found the end of a line"],
    ["Host(`a`\n)", "", "found the end of a line"],
    ["Host(`a`) && ", "", "found the end"],
    ["Host(`a`, , `b`)", ",", 'found ","'],
    ["Host(example.org)", "example", "allowed is only a string"],
    ["Host(`a`) and Path(`/`)", "and", "allowed is only &&, || or the end"],
    ["Host(`a`) == Path(`/`)", "==", 'found "=="'],
    ["Host(`a`);", ";", 'found ";"'],
    ["Host", "Host", "has no arguments"],
    ["Host(`a", "`a", "never ends"],
    ['Host("a\nb")', '"a\nb")', "never ends"],
    ["Host('a')", "'", "strings stand in"],
    ['PathRegexp("\\d")', "\\d", "is no escape"],
    ['Path("/\\ud800")', "\\ud800", "is no escape"],
    ["Host(`a\0`)", "\0", 'found "\\u0000"'],
    ["Host(`a`, `b`)", "Host", "Host takes 1 argument, found 2"],
    ["Host()", "Host", "Host takes 1 argument, found 0"],
    ["Header(`a`)", "Header", "Header takes 2 arguments, found 1"],
    ["Query(`a`, `b`, `c`)", "Query", "Query takes 1 to 2 arguments, found 3"],
    ["Host(`a`) || Query(`a`, ``)", "``", "an argument is empty"],
    ["Host(`é.org`)", "`é.org`", "beyond ASCII"],
    ["HostRegexp(`é`)", "`é`", "beyond ASCII"],
    ["PathRegexp(`a(?=b)`)", "`a(?=b)`", "is no regular expression of Go"],
    ['PathRegexp("\\xff")', '"\\xff"', "invalid UTF-8"],
    ["QueryRegexp(`a`, `(`)", "`(`", "missing closing )"],
    ["Path(`a`)", "`a`", 'does not begin with "/"'],
    ["ClientIP(`10.0.0.0/33`)", "`10.0.0.0/33`", "neither an IP address nor a range"],
    ["ClientIP(`10.0.0.01`)", "`10.0.0.01`", "neither an IP address nor a range"],
    ["ClientIP(`fe80::1%eth0`)", "`fe80::1%eth0`", "neither an IP address nor a range"],
    ["ClientIP(`1:2:3:4:5:6:7:8::`)", "`1:2:3:4:5:6:7:8::`", "neither an IP address nor a range"],
  ])("%j blames %j: %s", (rule, culprit, message) => {
    const found = blame("http", rule);
    expect(found).toMatchObject({ culprit, message: expect.stringContaining(message) });
  });

  test.each([
    ["HostSNI(`a b`)", "`a b`", "is no server name"],
    ["HostSNI(`*.example.org`)", "`*.example.org`", "is no server name"],
    ["ALPN(`acme-tls/1`)", "`acme-tls/1`", "reserved for certificate challenges"],
  ])("tcp: %j blames %j: %s", (rule, culprit, message) => {
    expect(blame("tcp", rule)).toMatchObject({ culprit, message: expect.stringContaining(message) });
  });

  test.each([
    ["http", "Hst(`a`)", 'there is no matcher "Hst"; an HTTP rule may have Header, ', 'write "Host"'],
    ["http", "HostHeader(`a`)", 'there is no matcher "HostHeader"', 'write "Host"'],
    ["http", "hostRegexp(`a`)", 'there is no matcher "hostRegexp"', 'write "HostRegexp"'],
    [
      "http",
      "HostSNI(`a`)",
      "HostSNI is for a TCP rule, but an HTTP rule may have Header",
      "define the router below tcp.routers",
    ],
    [
      "tcp",
      "PathPrefix(`/`)",
      "PathPrefix is for an HTTP rule, but a TCP rule may have HostSNI, ",
      "define the router below http.routers",
    ],
    ["http", "Host(`a`, `b`)", "Host takes 1 argument", "write one Host for each, joined by ||"],
    ["http", "Host(`a`) & Path(`/`)", 'found "&"', "write &&"],
  ] as const)("%s %j: %s → %s", (protocol, rule, message, remedy) => {
    const found = { message: expect.stringContaining(message), remedy: expect.stringContaining(remedy) };
    expect(blame(protocol, rule)).toMatchObject(found);
  });

  test("a long piece of the rule is cut in the message", () => {
    expect(blame("http", `Path(\`${"x".repeat(1_000)}\`)`)).toMatchObject({
      message: `Path: path "${"x".repeat(40)}…" does not begin with "/"`,
    });
  });
});

describe("no rule stalls the process", () => {
  test.each([
    ["sound", "4,000 matchers", Array(4_000).fill("Host(`a`)").join("||")],
    ["sound", "100 open parentheses", `${"(".repeat(100)}Host(\`a\`)${")".repeat(100)}`],
    ["broken", "101 open parentheses", `${"(".repeat(101)}Host(\`a\`)${")".repeat(101)}`],
    ["broken", "negations", "!".repeat(65_536)],
    ["broken", "more than 65,536 characters", `Host(\`${"a".repeat(65_536)}\`)`],
    ["broken", "comments that do not end", `Path(\`/\`) ${"/*".repeat(30_000)}`],
    ["broken", "comments within a comment", "// /* ".repeat(10_000)],
    ["broken", "a string that does not end", `Path("${"\\\\".repeat(32_000)}`],
    ["broken", "a regular expression of a million instructions", `PathRegexp(\`${"a{1000}".repeat(1_000)}\`)`],
    ["broken", "many regular expressions", Array(900).fill("PathRegexp(`(a{9}){9}`)").join("||")],
    ["broken", "ranges without case", `PathRegexp(\`(?i)${"[B-\\x{10ffff}]".repeat(1_000)}\`)`],
    ["broken", "nested repetitions", `PathRegexp(\`(${"a".repeat(30_000)}){1000}\`)`],
  ])("%s: %s", (kind, _what, rule) => {
    const startedAt = performance.now();
    expect(checkRule("http", rule).kind).toBe(kind);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  test("patterns as people write them are not too large", () => {
    const uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
    const host = "^[a-z0-9-]{1,63}(?:\\.[a-z0-9-]{1,63}){1,4}\\.example\\.org$";
    const words = Array.from({ length: 1_500 }, (_, i) => `word${i}`).join("|");
    expect(blame("http", `PathRegexp(\`^/${uuid}/\`) && HostRegexp(\`${host}\`)`)).toBe("sound");
    expect(blame("http", `PathRegexp(\`(?i)^/(?:${words})\`)`)).toBe("sound");
  });
});
