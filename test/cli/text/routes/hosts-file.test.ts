import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hostsFile } from "../../../../src/cli/text/routes/hosts-file.ts";
import { routedHosts } from "../../../../src/cli/text/routes/routed-names.ts";

const PAIR = [
  { node: "lb-1", address: "192.168.11.11" },
  { node: "lb-2", address: "2001:db8::12" },
];

function route(router: string, hosts: readonly string[], protocol: "http" | "tcp" | "udp" = "http") {
  return { router, hosts: [...hosts], protocol };
}

test("each name has a line for each ingress node, once, in the order of domains", () => {
  const hosts = routedHosts([
    route("wiki", ["wiki.lab.local", "Docs.example.org"]),
    route("wiki-api", ["wiki.lab.local"]),
    route("db", ["db.lab.local"], "tcp"),
    route("dns", ["*"], "udp"),
  ]);
  expect(hostsFile(hosts, PAIR)).toBe(
    [
      "# 3 routed hosts, by portolan; ingress: lb-1 192.168.11.11, lb-2 2001:db8::12",
      "192.168.11.11 db.lab.local",
      "2001:db8::12  db.lab.local",
      "192.168.11.11 wiki.lab.local",
      "2001:db8::12  wiki.lab.local",
      "192.168.11.11 docs.example.org",
      "2001:db8::12  docs.example.org",
      "",
    ].join("\n"),
  );
});

describe("what a hosts file cannot say is a comment with the reason", () => {
  test.each([
    ["*.lab.local", "takes no wildcards; a zone does: *.lab.local. IN A 10.0.0.1"],
    ["api-*", "a regular expression, of which the names are not known"],
    ["*-eu.lab.local", "a regular expression"],
    ["*", "the rule names none"],
    ["10.0.0.9", "an address needs no name"],
    ["[2001:db8::1]", "an address needs no name"],
    ["0x7f.1", "an address needs no name"],
    ["localhost", "means each machine itself"],
    ["app.localhost", "means each machine itself"],
    ["bank.example\n10.6.6.6 other.example", "no name that DNS can have"],
    ["two words.example", "no name that DNS can have"],
    ["a..b", "no name that DNS can have"],
    [`${"a".repeat(64)}.example`, "no name that DNS can have"],
    ["", "no name that DNS can have"],
  ])("%j", (host, reason) => {
    const [head, line, ...more] = hostsFile(routedHosts([route("r", [host])]), [
      { node: "10.0.0.1", address: "10.0.0.1" },
    ]).split("\n");
    expect(head).toBe("# 0 routed hosts, by portolan; ingress: 10.0.0.1");
    expect(line).toMatch(/^# /);
    expect(line).toContain("(r)");
    expect(line).toContain(reason);
    expect(more).toEqual([""]);
  });
});

test("whatever rules and routers are called, every line is a comment, or an ingress address and one name", () => {
  const text = fc.oneof(fc.string(), fc.domain(), fc.constantFrom("*", "*.a.b", "localhost", "a\r\n1.2.3.4 b", "x#y"));
  fc.assert(
    fc.property(fc.array(fc.tuple(text, fc.array(text))), (routes) => {
      const written = hostsFile(routedHosts(routes.map(([router, hosts]) => route(router, hosts))), PAIR);
      for (const line of written.split("\n").slice(0, -1)) {
        expect(line).toMatch(/^(?:# .*|(?:192\.168\.11\.11|2001:db8::12 ) (?!localhost$)[a-z0-9_.-]+)$/);
      }
    }),
  );
});
