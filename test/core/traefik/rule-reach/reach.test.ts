import { describe, expect, test } from "vitest";
import { reachOfRouter } from "../../../../src/core/traefik/rule-reach/reach.ts";
import { has, nameOfSet, type TextSet } from "../../../../src/core/traefik/rule-reach/text-set.ts";

/** As people write them: `app.org`, `*.org`, `app*`, `*`; with `?` where there is a condition besides. */
function shown({ prefix, suffix, isExact, conditions }: TextSet): string {
  return `${prefix}${isExact ? "" : "*"}${suffix}${conditions.length > 0 ? "?" : ""}`;
}

function areas(protocol: "http" | "tcp", router: Readonly<Record<string, string | number>>) {
  const reach = reachOfRouter(`${protocol}/routers`, router).areas;
  return reach?.map(({ host, path, isNarrowed }) => `${shown(host)} ${shown(path)}${isNarrowed ? " …" : ""}`);
}

describe("what an HTTP rule can match, as hosts and paths", () => {
  test.each([
    ["Host(`App.Example.org`)", ["app.example.org *"]],
    ["Host(`app.example.org.`)", ["app.example.org *"]],
    ["Host(`*.example.org`)", ["*.example.org *"]],
    ["HostRegexp(`^app\\.example\\.org$`)", ["app.example.org *"]],
    ["HostRegexp(`^app\\.example\\.org\\.$`)", ["app.example.org *"]],
    ["HostRegexp(`^app[.]example[.]org$`)", ["app.example.org *"]],
    ["HostRegexp(`(?i)^APP$`)", ["app *"]],
    ["HostRegexp(`^(a|b|c-(?:d|e))\\.org$`)", ["a.org *", "b.org *", "c-d.org *", "c-e.org *"]],
    ["HostRegexp(`^a\\.org$|^b\\.org$`)", ["a.org *", "b.org *"]],
    ["HostRegexp(`^[a-z]+\\.example\\.org$`)", ["*.example.org? *"]],
    ["HostRegexp(`^app-.+$`)", ["app-*? *"]],
    ["HostRegexp(`^www\\.(.+\\.)?example\\.org$`)", ["www.example.org *", "www.*.example.org? *"]],
    ["HostRegexp(`.+\\.example\\.org`)", ["*? *"]],
    ["HostRegexp(`^.+.example.org$`)", ["*org? *"]],
    ["HostRegexp(`.*`)", ["* *"]],
    ["HostRegexp(`^(app)?$`)", ["* *"]],
    ["HostRegexp(`\\bapp\\b`)", ["*? *"]],
    ["Host(`a`) || Host(`b`)", ["a *", "b *"]],
    ["Host(`a`) && Host(`b`)", []],
    ["Host(`a`) && (Path(`/x`) || PathPrefix(`/y`))", ["a /x", "a /y*"]],
    ["PathPrefix(`/`)", ["* /*"]],
    ["PathPrefix(`/a`) && PathPrefix(`/a/b`)", ["* /a/b*"]],
    ["Path(`/x`) && PathPrefix(`/y`)", []],
    ["PathRegexp(`^/api/v[0-9]+$`)", ["* /api/v*?"]],
    ["PathRegexp(`(?i)^/API`)", ["* *?"]],
    ["!Host(`a`)", ["*? *"]],
    ["!(Host(`a`) || Path(`/x`))", ["*? *?"]],
    ["!(!Host(`a`) || !Host(`a`))", ["a *"]],
    ["!(!Host(`a`))", ["a *"]],
    ["Host(`a`) && !PathPrefix(`/x`)", ["a *?"]],
    ["!HostRegexp(`^a$`)", ["* * …"]],
    ["Host(`a`) && Header(`X`, `y`)", ["a * …"]],
    ["ClientIP(`10.0.0.0/8`)", ["* * …"]],
  ])("%s", (rule, expected) => {
    expect(areas("http", { rule })).toEqual(expected);
  });

  test("a negated host is every other one", () => {
    const [area] = reachOfRouter("http/routers", { rule: "!Host(`a`)" }).areas ?? [];
    expect([has(area!.host, "a"), has(area!.host, "b")]).toEqual([false, true]);
  });

  test("in the old syntax: lists of hosts, and what stands before a template", () => {
    expect(areas("http", { rule: "Host(`a`, `B`) && PathPrefix(`/x/{id}`)", ruleSyntax: "v2" })).toEqual([
      "a /x/*",
      "b /x/*",
    ]);
    expect(areas("http", { rule: "HostRegexp(`{any:.+}`)", ruleSyntax: "v2" })).toEqual(["* * …"]);
  });

  test("is unknown where a rule multiplies, has many regular expressions, or cannot be parsed", () => {
    const many = Array.from({ length: 40 }, (_, i) => `Host(\`h${i}\`) || Path(\`/${i}\`)`).join(" || ");
    expect(areas("http", { rule: `(${many}) && (${many})` })).toBeUndefined();
    expect(areas("http", { rule: "Host(`a`", ruleSyntax: "v2" })).toBeUndefined();
    const regexes = Array.from({ length: 21 }, (_, i) => `HostRegexp(\`a${i}\`)`);
    expect(areas("http", { rule: regexes.slice(1).join(" || ") })).toHaveLength(20);
    expect(areas("http", { rule: regexes.join(" || ") })).toBeUndefined();
  });
});

describe("what a TCP rule can match", () => {
  test.each([
    ["HostSNI(`*`)", ["* *"]],
    ["HostSNI(`Db.lab.local`)", ["db.lab.local *"]],
    ["HostSNIRegexp(`^.+\\.lab\\.local$`)", ["*.lab.local? *"]],
    ["!HostSNI(`*`)", ["* * …"]],
    ["!HostSNI(`a`)", ["* * …"]],
    ["HostSNI(`*`) && ALPN(`h2`)", ["* * …"]],
  ])("%s", (rule, expected) => {
    expect(areas("tcp", { rule })).toEqual(expected);
  });
});

describe("a router's priority", () => {
  test.each([
    ["http", { rule: "Host(`a`)" }, 9],
    ["http", { rule: "Host(`a`)", priority: 0 }, 9],
    ["http", { rule: "Host(`a`)", priority: -7 }, -7],
    ["http", { rule: "Host(`a`)", priority: "9007199254740993" }, 2 ** 53],
    ["tcp", { rule: "HostSNI(`*`)" }, -1],
    ["tcp", { rule: "HostSNI(`*`)", priority: 5 }, 5],
  ] as const)("%s %j is %d", (protocol, router, priority) => {
    expect(reachOfRouter(`${protocol}/routers`, router).priority).toBe(priority);
  });
});

test("sets that are described alike have one name", () => {
  const [one] = reachOfRouter("http/routers", { rule: "HostRegexp(`^a.+$`)" }).areas ?? [];
  const [other] =
    reachOfRouter("http/routers", { rule: "HostRegexp(`^a.+$`) && Host(`abc`) || HostRegexp(`^a.+$`)" }).areas?.slice(
      1,
    ) ?? [];
  expect(nameOfSet(one!.host)).toBe(nameOfSet(other!.host));
});
