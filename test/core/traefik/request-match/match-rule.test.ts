import { describe, expect, test } from "vitest";
import { readRequest } from "../../../../src/core/traefik/request-match/known-request.ts";
import { matchRouter } from "../../../../src/core/traefik/request-match/match-rule.ts";

/** `yes`, `no`, or the condition that is left. */
function outcome(
  rule: string,
  url: string,
  section: "http/routers" | "tcp/routers" = "http/routers",
  ruleSyntax = "v3",
) {
  const request = readRequest(url);
  if (request === undefined) throw new Error(`${url} is no URL`);
  const match = matchRouter(section, { rule, ruleSyntax }, request);
  return match.kind === "if" ? match.condition : match.kind;
}

describe("what a URL tells decides", () => {
  test.each([
    ["Host(`wiki.example.org`)", "https://wiki.example.org/", "yes"],
    ["Host(`Wiki.Example.org`)", "https://wiki.example.ORG.:8443/a", "yes"],
    ["Host(`wiki.example.org`)", "https://other.example.org", "no"],
    ["HostRegexp(`^[a-z]+\\.example\\.org$`)", "wiki.example.org/x", "yes"],
    ["Path(`/docs`)", "http://a.org/docs", "yes"],
    ["Path(`/docs`)", "http://a.org/docs/", "no"],
    ["Path(`/docs`)", "http://a.org//./x/../docs", "yes"],
    ["PathPrefix(`/docs`)", "http://a.org/docs/x?y=1", "yes"],
    ["PathPrefix(`/é`)", "http://a.org/%C3%A9/x", "yes"],
    ["PathPrefix(`/a%2Fb`)", "http://a.org/a%2fb", "yes"],
    ["PathRegexp(`^/[0-9]+$`)", "http://a.org/42", "yes"],
    ["Query(`q`, `1`)", "http://a.org/?q=2&q=1", "yes"],
    ["Query(`q`)", "http://a.org/?q", "yes"],
    ["Query(`q`)", "http://a.org/?q=1", "no"],
    ["QueryRegexp(`q`, `^[0-9]+$`)", "http://a.org/?q=a", "no"],
    ["!Host(`a.org`)", "http://b.org", "yes"],
    ["Host(`a.org`) && (Path(`/x`) || Path(`/y`))", "http://a.org/y", "yes"],
    ["no rule at all", "http://a.org", "no"],
  ])("%s of %s: %s", (rule, url, expected) => {
    expect(outcome(rule, url)).toBe(expected);
  });
});

describe("what it does not tell is left as a condition, without secrets", () => {
  test.each([
    ["Host(`a.org`) && Method(`POST`)", "Method(`POST`)"],
    ["Host(`a.org`) && Header(`X-Token`, `s3cret`)", "Header(`X-Token`, `***`)"],
    ["Host(`a.org`) && !ClientIP(`10.0.0.0/8`)", "!ClientIP(`10.0.0.0/8`)"],
    ["Host(`a.org`) || Method(`POST`)", "yes"],
    ["Host(`b.org`) && Method(`POST`)", "no"],
    [
      "(Method(`PUT`) || Header(`A`, `b`)) && (Path(`/`) && Method(`GET`))",
      "(Method(`PUT`) || Header(`A`, `***`)) && Method(`GET`)",
    ],
  ])("%s: %s", (rule, expected) => {
    expect(outcome(rule, "https://a.org/")).toBe(expected);
  });
});

test.each([
  ["HostSNI(`*`)", "http://a.org", "yes"],
  ["HostSNI(`a.org`)", "https://a.org", "yes"],
  ["HostSNI(`a.org`)", "http://a.org", "no"],
  ["HostSNI(`a.org`)", "a.org/", "HostSNI(`a.org`)"],
])("a TCP rule sees the server name of TLS alone: %s of %s: %s", (rule, url, expected) => {
  expect(outcome(rule, url, "tcp/routers")).toBe(expected);
});

test.each([
  ["Host(`a.org`, `b.org`)", "http://b.org/", "yes"],
  ["PathPrefix(`/docs/{id:[0-9]+}`)", "http://b.org/docs/42/x", "yes"],
  ["Path(`/docs/{id:[0-9]+}`)", "http://b.org/docs/42/x", "no"],
  ["HostRegexp(`{sub:[a-z]+}.b.org`)", "http://a.b.org/", "yes"],
])("the old syntax: %s of %s: %s", (rule, url, expected) => {
  expect(outcome(rule, url, "http/routers", "v2")).toBe(expected);
});

test.each(["", "ftp://a.org/", "http://", "http:///x", "a b:c"])("%s is no URL of HTTP's", (url) => {
  expect(readRequest(url)?.host ?? "").not.toBe("a.org");
});
