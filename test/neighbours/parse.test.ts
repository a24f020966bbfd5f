import { describe, expect, test } from "vitest";
import { CHART_HEADER } from "../../src/core/traefik/chart/render.ts";
import { parseNeighbour } from "../../src/neighbours/parse.ts";

function named(text: string, format: "yaml" | "toml" = "yaml") {
  const parsed = parseNeighbour(text, format);
  return parsed.kind === "operator" ? parsed.names : parsed;
}

describe("a file beside the chart", () => {
  test.each([
    ["an empty file", "", []],
    ["comments alone", "# nothing\n", []],
    ["keys at the root that traefik ignores", "x-stamp: { any: thing }\n", []],
    ["sections in another case", "HTTP:\n  Routers:\n    Web: { rule: a }\n", ["http/routers/Web"]],
    [
      "names of one section written twice",
      "http:\n  routers: { a: { rule: x } }\n  Routers: { b: { rule: x } }\n",
      ["http/routers/a", "http/routers/b"],
    ],
    ["a name without a definition", "http: { routers: { a: ~, b: { rule: x } } }\n", ["http/routers/b"]],
    [
      "merged anchors",
      "x: &x { a: { rule: x } }\nhttp: { routers: { <<: *x, b: { rule: x } } }\n",
      ["http/routers/a", "http/routers/b"],
    ],
    [
      "the first of several documents",
      "---\nhttp: { routers: { a: { rule: x } } }\n---\n: : : {{\n".replace("{{", "{"),
      ["http/routers/a"],
    ],
    [
      "every kind of name",
      "udp: { routers: { u: { service: u } }, services: { u: { loadBalancer: { servers: [{ address: 'a:1' }] } } } }\ntls: { options: { o: { sniStrict: true } }, stores: { default: { defaultCertificate: { certFile: a, keyFile: b } } }, certificates: [{ certFile: a, keyFile: b }] }\n",
      ["udp/routers/u", "udp/services/u", "tls/options/o", "tls/stores/default"],
    ],
    [
      "names of an object's prototype",
      "http: { routers: { __proto__: { rule: x }, constructor: { rule: y } } }\n",
      ["http/routers/__proto__", "http/routers/constructor"],
    ],
  ])("%s", (_, text, names) => {
    expect(named(text)).toEqual(names);
  });

  test.each([
    [
      "tables",
      "[http.routers.a]\nrule = 'x'\n[tcp.middlewares.m.inFlightConn]\namount = 1\n",
      ["http/routers/a", "tcp/middlewares/m"],
    ],
    ["inline tables and dotted keys", "http.routers = { a = { rule = 'x' } }\n", ["http/routers/a"]],
    ["great numbers", "[http.routers.a]\nrule = 'x'\npriority = 9223372036854775807\n", ["http/routers/a"]],
  ])("in TOML: %s", (_, text, names) => {
    expect(named(text, "toml")).toEqual(names);
  });

  test("with portolan's header is a peer's chart", () => {
    const text = `${CHART_HEADER}\n{"http": {"routers": {"a": {"rule":"x","service":"a"}}}}\n`;
    expect(parseNeighbour(text, "yaml")).toMatchObject({ kind: "peer" });
  });
});

describe("a file that traefik refuses, and the directory with it", () => {
  test.each([
    ["no YAML", "http: [\n", "found invalid YAML"],
    ["a list", "- http\n", "found no mapping"],
    ["nothing below a protocol", "http: {}\n", "http: found nothing below it"],
    ["nothing below a kind", "http: { routers: {} }\n", "http.routers: found nothing below it"],
    [
      "nothing below a middleware's type",
      "http: { middlewares: { a: { stripPrefix: {} } } }\n",
      "http.middlewares.a.stripPrefix: found nothing below it",
    ],
    ["an unknown field", "http: { routers: { a: { ruel: x } } }\n", 'http.routers.a: found "ruel"'],
    [
      "a value that does not fit",
      "http: { routers: { a: { rule: x, priority: high } } }\n",
      "http.routers.a.priority: found a text",
    ],
    [
      "a text for a section",
      "http: { services: { a: { loadBalancer: yes please } } }\n",
      "http.services.a.loadBalancer: found a text",
    ],
  ])("has %s", (_, text, problem) => {
    const parsed = parseNeighbour(text, "yaml");
    if (parsed.kind !== "refused") throw new Error(`it is taken as ${parsed.kind}`);
    const { path, message } = parsed.problem;
    expect(`${path === "" ? "" : `${path}: `}${message}`).toContain(problem);
  });

  test("is no TOML; the fault names the place and quotes nothing", () => {
    const parsed = parseNeighbour('[http.middlewares.a.basicAuth]\nusers = ["admin:$2y$secret]\n', "toml");
    expect(parsed).toMatchObject({ kind: "refused" });
    expect(JSON.stringify(parsed)).not.toContain("secret");
  });

  test("keeps the names that it has beside the mistake", () => {
    const parsed = parseNeighbour("http: { routers: { a: { ruel: x }, b: { rule: x } } }\n", "yaml");
    expect(parsed).toMatchObject({ kind: "refused", names: ["http/routers/a", "http/routers/b"] });
  });

  test.each([
    ["a field of the newest version", "http: { routers: { a: { rule: x, parentRefs: [b] } } }\n"],
    ["models", "http: { models: { web: { middlewares: [a] } } }\n"],
    ["switches", "http: { routers: { a: { rule: x, tls: 'false' } }, middlewares: { c: { compress: {} } } }\n"],
    ["one field in two spellings", "http: { routers: { a: { rule: x, Rule: y } } }\n"],
    [
      "texts that traefik reads as nothing",
      "http: { routers: { a: { rule: x, tls: maybe, entryPoints: { web: x } } } }\n",
    ],
    ["a number of YAML 1.1", "http: { routers: { a: { rule: x, priority: 1_000 } } }\n"],
    ["a server without anything", "http: { services: { a: { loadBalancer: { servers: [{}] } } } }\n"],
    ["a name with @", "http: { routers: { 'a@b': { rule: x } } }\n"],
  ])("is none for %s", (_, text) => {
    expect(parseNeighbour(text, "yaml").kind).toBe("operator");
  });
});

test("YAML that portolan does not know is unread, and no reason to say that traefik refuses it", () => {
  expect(parseNeighbour("http: { routers: { a: { rule: !secret x } } }\n", "yaml")).toMatchObject({ kind: "unread" });
});

describe("a template beside the chart", () => {
  test.each([
    ["a comment", "# {{ env `SECRET` }}\nhttp: { routers: { a: { rule: x } } }\n", ["http/routers/a"]],
    ["values", 'http:\n  routers:\n    a:\n      rule: Host(`{{ env "HOST" }}`)\n', ["http/routers/a"]],
    ["names", 'http:\n  routers:\n    a-{{ env "N" }}: { rule: x }\n    b: { rule: x }\n', ["http/routers/b"]],
    [
      "lines of control",
      "http:\n  routers:\n{{- range until 3 }}\n    a{{ . }}: { rule: x }\n{{- end }}\n    b: { rule: x }\n",
      ["http/routers/b"],
    ],
    ["quoted braces", 'http:\n  routers:\n    a: { rule: "{{ "}}" }}{{ `}}` }}" }\n', ["http/routers/a"]],
    ["a comment with braces", "http:\n  routers:\n{{/* }} : [ {{ */}}\n    a: { rule: x }\n", ["http/routers/a"]],
    ["more than can be read without it", "http:\n{{ if true }}  routers: [\n{{ end }}    a: { rule: x }\n", []],
    ["an action without an end", "http: { routers: { a: { rule: x } } }\n# {{ if \n", ["http/routers/a"]],
  ])("in %s: the names outside it count", (_, text, names) => {
    expect(parseNeighbour(text, "yaml")).toEqual({ kind: "operator", names, isTemplate: true });
  });

  test("is not executed, nor refused for what it may make", () => {
    expect(parseNeighbour("http: {{ env `NOTHING` }}\n", "yaml")).toMatchObject({ kind: "operator", isTemplate: true });
  });
});
