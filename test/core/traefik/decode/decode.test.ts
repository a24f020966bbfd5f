import { describe, expect, test } from "vitest";
import type { TraefikVersion } from "../../../../src/core/traefik/chart/dynamic-config.ts";
import { decodeLabels } from "../../../../src/core/traefik/decode/decode.ts";
import type { LabelProblem } from "../../../../src/core/traefik/labels/label-problem.ts";
import { labelsOf } from "../../../../src/core/traefik/labels/labels.ts";

/** Tags without their `traefik.http.`, for short. */
function decode(tags: readonly string[], version: TraefikVersion = "3.7"): unknown {
  const decoded = decodeRaw(
    tags.map((tag) => `traefik.http.${tag}`),
    version,
  );
  return decoded.kind === "decoded" ? (decoded.config["http"] ?? {}) : decoded.problems.map(({ code }) => code).join();
}

function decodeRaw(tags: readonly string[], version: TraefikVersion = "3.7") {
  return decodeLabels(labelsOf(tags, "traefik"), version);
}

function problems(tags: readonly string[], version: TraefikVersion = "3.7"): readonly LabelProblem[] {
  const decoded = decodeRaw(tags, version);
  return decoded.kind === "refused" ? decoded.problems : [];
}

type Row = [peculiarity: string, tags: string[], expected: unknown];

describe("keys", () => {
  test.each<[string, string[], unknown]>([
    ["T1: keys of no provider are ignored", ["traefik.wrong.label=1", "traefikfoo.x=1", "traefik.enable=oops"], {}],
    ["tls options and certificates are ignored", ["traefik.tls.options.a.x=1", "traefik.tls.certificates=x"], {}],
    ["a key's case does not matter", ["traefik.HTTP.Routers.a.RULE=r"], { http: { routers: { a: { rule: "r" } } } }],
  ])("%s", (_, tags, config) => {
    expect(decodeRaw(tags)).toEqual({ kind: "decoded", config });
  });

  test.each<[string, string, LabelProblem["code"]]>([
    ["T2: the filter has no boundary", "traefik.httpx.y=1", "TAG_UNKNOWN_KEY"],
    ["T4: a key that ends in a blank", "traefik.http.routers.a.rule = x", "TAG_UNKNOWN_KEY"],
    ["T7: a bracket that was never opened", "traefik.http.routers.foo].rule=x", "TAG_UNPARSABLE"],
    ["T7: nothing but a closing bracket", "traefik.http.routers.].rule=x", "TAG_UNPARSABLE"],
    ["T8: an empty part", "traefik.http.routers.a..rule=x", "TAG_UNPARSABLE"],
    ["T8: a trailing dot", "traefik.http.routers.a.rule.=x", "TAG_UNPARSABLE"],
    ["T8: an index without a name", "traefik.http.routers.[a].rule=x", "TAG_UNPARSABLE"],
    ["T8: an index where a name is expected", "traefik.http.routers.foo[0].rule=x", "TAG_UNKNOWN_KEY"],
    ["the section alone", "traefik.http=true", "TAG_BAD_VALUE"],
    ["a rule where there are none", "traefik.udp.routers.a.rule=x", "TAG_UNKNOWN_KEY"],
    ["HTTP's scheme in TCP", "traefik.tcp.services.a.loadbalancer.server.scheme=x", "TAG_UNKNOWN_KEY"],
    ["a store that begins like the default one", "traefik.tls.stores.default.x=y", "TAG_UNKNOWN_KEY"],
    ["too deep to be meant", `traefik.http.middlewares.a.plugin.p${".x".repeat(100)}=1`, "TAG_UNPARSABLE"],
  ])("%s is refused", (_, tag, code) => {
    expect(problems([tag]).map((problem) => problem.code)).toEqual([code]);
  });

  test("every problem of an instance is reported", () => {
    const tags = ["http.routers.a..x=1", "http.routers.a.nope=1", "http.routers.a.priority=x", "tcp.routers.a.nope=x"];
    expect(problems(tags.map((tag) => `traefik.${tag}`)).map(({ code }) => code)).toEqual([
      "TAG_UNPARSABLE",
      "TAG_UNKNOWN_KEY",
      "TAG_BAD_VALUE",
      "TAG_UNKNOWN_KEY",
    ]);
  });
});

describe("names", () => {
  test.each<Row>([
    [
      "T9: siblings unite without regard to case, spelled as the first",
      ["routers.foo.priority=1", "routers.Foo.rule=x"],
      {
        routers: { Foo: { rule: "x", priority: 1 } },
      },
    ],
    [
      "T10: of two spellings the later one wins",
      ["routers.foo.rule=b", "routers.foo.Rule=A"],
      {
        routers: { foo: { rule: "b" } },
      },
    ],
    [
      "siblings unite by Unicode's folding",
      ["routers.s.priority=1", "routers.ſ.rule=x"],
      {
        routers: { s: { rule: "x", priority: 1 } },
      },
    ],
    ["fields are found by Unicode's folding", ["routers.a.ſervice=x"], { routers: { a: { service: "x" } } }],
    [
      "T24: a bare entry is a definition",
      ["routers.foo=whatever", "services.s=x", "middlewares.m="],
      {
        routers: { foo: {} },
        services: { s: {} },
        middlewares: { m: {} },
      },
    ],
    ["T25: an @ in a name", ["routers.x@file.rule=x"], { routers: { "x@file": { rule: "x" } } }],
    ["F7: a name longer than a YAML key may be", [`routers.${"a".repeat(1023)}.rule=x`], "TAG_UNPARSABLE"],
    ["F7: a name that escapes make too long", [`routers.${"\u0085".repeat(171)}.rule=x`], "TAG_UNPARSABLE"],
  ])("%s", (_, tags, expected) => {
    expect(decode(tags)).toEqual(expected);
  });

  test("names of JavaScript's own are names as any other", () => {
    const tags = ["routers.__proto__.rule=x", "routers.constructor.rule=y", "routers.toString.rule=z"];
    const decoded = decodeRaw(tags.map((tag) => `traefik.http.${tag}`));
    if (decoded.kind === "refused") throw new Error("refused");
    expect(JSON.stringify(decoded.config)).toBe(
      '{"http":{"routers":{"__proto__":{"rule":"x"},"constructor":{"rule":"y"},"toString":{"rule":"z"}}}}',
    );
  });

  test("F7: the longest name a YAML key may be is kept", () => {
    const name = "a".repeat(1022);
    expect(decode([`routers.${name}.rule=x`])).toEqual({ routers: { [name]: { rule: "x" } } });
  });
});

describe("objects", () => {
  const tls = (value: unknown) => ({ routers: { a: value === undefined ? {} : { tls: value } } });

  test.each<Row>([
    [
      "T11: false turns it off, whatever is below",
      ["routers.a.tls=false", "routers.a.tls.certresolver=le"],
      tls(undefined),
    ],
    ["T11: yes turns it off", ["routers.a.tls=yes"], tls(undefined)],
    ["T11: 1 turns it off", ["routers.a.tls=1"], tls(undefined)],
    ["T12: nothing turns it on", ["routers.a.tls="], tls({})],
    ["T12: TRUE turns it on", ["routers.a.tls=TRUE"], tls({})],
    ["true and fields", ["routers.a.tls=true", "routers.a.tls.certresolver=le"], tls({ certResolver: "le" })],
    [
      "T13: names below a disabled object are checked",
      ["routers.a.tls=false", "routers.a.tls.nope=x"],
      "TAG_UNKNOWN_KEY",
    ],
    [
      "… values are not",
      ["middlewares.a.compress=off", "middlewares.a.compress.minresponsebodybytes=x"],
      {
        middlewares: { a: {} },
      },
    ],
    ["T20: an object needs fields", ["middlewares.m.stripprefix=true"], "TAG_BAD_VALUE"],
    ["T20: unless it may be empty", ["middlewares.m.compress=true"], { middlewares: { m: { compress: {} } } }],
    [
      "a value on an object with fields is ignored",
      ["middlewares.m.addprefix=x", "middlewares.m.addprefix.prefix=/p"],
      {
        middlewares: { m: { addPrefix: { prefix: "/p" } } },
      },
    ],
    ["a map needs entries", ["routers=x"], "TAG_BAD_VALUE"],
    [
      "T21: what is for files only is ignored",
      ["services.s.weighted.services[0].name=x", "services.s.weighted=y"],
      {
        services: { s: {} },
      },
    ],
    ["T21: but its fields must exist", ["services.s.weighted.nope=x"], "TAG_UNKNOWN_KEY"],
    [
      "transports are for files only",
      ["serverstransports.t.servername=x", "routers.r.parentrefs=a"],
      { routers: { r: {} } },
    ],
    ["… and their values are not looked at", ["serverstransports.t.insecureskipverify=x"], {}],
    ["internal objects are ignored", ["middlewares.m.urlrewrite.x=y"], { middlewares: { m: {} } }],
    ["T26: a scalar has no fields", ["routers.a.rule.bar=x"], "TAG_UNKNOWN_KEY"],
  ])("%s", (_, tags, expected) => {
    expect(decode(tags)).toEqual(expected);
  });
});

describe("values", () => {
  test.each<[string, string, unknown]>([
    ["text is verbatim", "routers.a.rule= Host(`x`) ", { routers: { a: { rule: " Host(`x`) " } } }],
    ["text may be empty", "routers.a.rule=", { routers: { a: { rule: "" } } }],
    ["T14: +5", "routers.a.priority=+5", { routers: { a: { priority: 5 } } }],
    ["T14: above 2^53", "routers.a.priority=9007199254740993", { routers: { a: { priority: "9007199254740993" } } }],
    ["T14: nothing", "routers.a.priority=", "TAG_BAD_VALUE"],
    ["T14: a blank", "routers.a.priority= 5", "TAG_BAD_VALUE"],
    ["T14: an underscore", "routers.a.priority=1_000", "TAG_BAD_VALUE"],
    [
      "a boolean",
      "services.s.loadbalancer.passhostheader=F",
      { services: { s: { loadBalancer: { passHostHeader: false } } } },
    ],
    ["no boolean", "services.s.loadbalancer.passhostheader=no", "TAG_BAD_VALUE"],
    [
      "T15: bare seconds",
      "services.s.loadbalancer.healthcheck.interval=10",
      {
        services: { s: { loadBalancer: { healthCheck: { interval: "10s" } } } },
      },
    ],
    [
      "T15: Go's durations",
      "services.s.loadbalancer.healthcheck.interval=90s",
      {
        services: { s: { loadBalancer: { healthCheck: { interval: "1m30s" } } } },
      },
    ],
    ["T15: no days", "services.s.loadbalancer.healthcheck.interval=1d", "TAG_BAD_VALUE"],
    ["T15: nothing", "services.s.loadbalancer.healthcheck.interval=", "TAG_BAD_VALUE"],
    ["seconds that overflow in Traefik", "services.s.loadbalancer.healthcheck.interval=9223372037", "TAG_BAD_VALUE"],
  ])("%s", (_, tag, expected) => {
    expect(decode([tag])).toEqual(expected);
  });
});

describe("lists", () => {
  const entryPoints = (list?: string[]) => ({ routers: { a: list === undefined ? {} : { entryPoints: list } } });
  const domains = (list: unknown[]) => ({ routers: { a: { tls: { domains: list } } } });

  test.each<Row>([
    ["T16: pieces are trimmed, empty ones stay", ["routers.a.entrypoints=a,, b ,"], entryPoints(["a", "", "b", ""])],
    ["Go's blanks are trimmed", ["routers.a.entrypoints=\u0085a\u00a0,\ufeffb"], entryPoints(["a", "\ufeffb"])],
    ["T16: nothing leaves it unset", ["routers.a.entrypoints="], entryPoints()],
    ["T16: an index has no effect", ["routers.a.entrypoints[0]=web"], entryPoints()],
    ["… but no fields", ["routers.a.entrypoints[0].x=web"], "TAG_UNKNOWN_KEY"],
    ["the character at which files split lists", ["routers.a.entrypoints=a║b"], "TAG_BAD_VALUE"],
    [
      "T17: objects stand in byte order of their keys",
      ["routers.a.tls.domains[2].main=two", "routers.a.tls.domains[10].main=ten", "routers.a.tls.domains[2].sans=x,y"],
      domains([{ main: "ten" }, { main: "two", sans: ["x", "y"] }]),
    ],
    ["T18: a value makes an empty list", ["routers.a.tls.domains=foo"], domains([])],
    ["T18: a field without index is an index", ["routers.a.tls.domains.main=x"], domains([{}])],
    [
      "T19: server is one entry of servers",
      [
        "services.s.loadbalancer.server.port=80",
        "services.s.loadbalancer.server.scheme=h2c",
        "services.s.loadbalancer.server.weight=2",
      ],
      { services: { s: { loadBalancer: { servers: [{ port: "80", scheme: "h2c", weight: 2 }] } } } },
    ],
    ["T19: tags know no servers", ["services.s.loadbalancer.servers.port=80"], "TAG_UNKNOWN_KEY"],
    ["T19: nor any index", ["services.s.loadbalancer.server[0].port=80"], "TAG_UNKNOWN_KEY"],
    ["T19: a server needs fields", ["services.s.loadbalancer.server=80"], "TAG_BAD_VALUE"],
  ])("%s", (_, tags, expected) => {
    expect(decode(tags)).toEqual(expected);
  });
});

describe("maps", () => {
  const headers = (map: unknown) => ({ middlewares: { m: { headers: { customRequestHeaders: map } } } });
  const tag = "middlewares.m.headers.customrequestheaders";

  test.each<Row>([
    [
      "T22: keys keep their case and their dots",
      [`${tag}.X-A.b.C=1`, `${tag}.X-A.d=2`],
      headers({ "X-A.b.C": "1", "X-A.d": "2" }),
    ],
    ["T22: an empty value removes a header", [`${tag}.X-Powered-By=`], headers({ "X-Powered-By": "" })],
    ["a key below a key with a value takes its place", [`${tag}.a=1`, `${tag}.a.b=2`], headers({ "a.b": "2" })],
    ["an @ is fine in a key that defines nothing", [`${tag}.a@b=1`], headers({ "a@b": "1" })],
    ["a key too long for YAML", [`${tag}.${"x.".repeat(60)}${"y".repeat(1000)}=1`], "TAG_UNPARSABLE"],
    [
      "numbers are checked",
      ["middlewares.m.errors.statusrewrites.418=404", "middlewares.m.errors.statusrewrites.x="],
      "TAG_BAD_VALUE",
    ],
  ])("%s", (_, tags, expected) => {
    expect(decode(tags)).toEqual(expected);
  });
});

describe("plugins", () => {
  const plugin = (settings: unknown) => ({ middlewares: { m: { plugin: { p: settings } } } });
  const tag = "middlewares.m.plugin.p";

  test.each<Row>([
    ["T23: every leaf is text", [`${tag}.on=true`, `${tag}.n.deep=5`], plugin({ on: "true", n: { deep: "5" } })],
    ["T23: commas do not split", [`${tag}.list=a,b`], plugin({ list: "a,b" })],
    ["T23: indices make lists", [`${tag}.l[0]=x`, `${tag}.l[1].k=y`], plugin({ l: ["x", { k: "y" }] })],
    ["T23: a setting in itself is flattened", [`${tag}.a.a=1`, `${tag}.a.b=2`], plugin({ a: "1", b: "2" })],
    ["… at the first level only", [`${tag}.a.b.b=1`], plugin({ a: { b: { b: "1" } } })],
    ["a bare plugin has no settings", [`${tag}=true`], plugin({})],
    ["a bare plugin section names no plugin", ["middlewares.m.plugin=true"], "TAG_BAD_VALUE"],
    ["the character at which files split lists, in a list", [`${tag}.a[0]=x║y`], "TAG_BAD_VALUE"],
    ["the same character in a text", [`${tag}.a=x║y`], plugin({ a: "x║y" })],
  ])("%s", (_, tags, expected) => {
    expect(decode(tags)).toEqual(expected);
  });
});

describe("versions", () => {
  test("F6: a field of 3.7 is refused for 3.6, with the setting that decides", () => {
    const tags = ["traefik.http.services.s.middlewares=a", "traefik.http.services.s.loadbalancer.server.port=80"];
    expect(decodeRaw(tags, "3.7")).toMatchObject({ kind: "decoded" });
    expect(problems(tags, "3.6")).toEqual([
      {
        code: "TAG_UNKNOWN_KEY",
        tag: "traefik.http.services.s.middlewares=***",
        spot: { in: "key", text: "middlewares" },
        message: expect.stringContaining('has "middlewares", which only traefik 3.7 and later know'),
        remedy: expect.stringContaining('traefik: { version: "3.7" }'),
      },
    ]);
  });
});

describe("problems", () => {
  test("an unknown field names what is allowed and what was probably meant", () => {
    expect(problems(["traefik.http.services.s.loadbalancer.servers.port=80"])).toEqual([
      {
        code: "TAG_UNKNOWN_KEY",
        tag: "traefik.http.services.s.loadbalancer.servers.port=***",
        spot: { in: "key", text: "servers" },
        message: expect.stringMatching(
          /^key "traefik\.http\.services\.s\.loadbalancer\.servers\.port" has "servers", which is no field there; allowed are sticky, server, strategy, /,
        ),
        remedy: 'write "server" instead of "servers"',
      },
    ]);
  });

  test("nothing is suggested where nothing is near", () => {
    expect(problems(["traefik.http.routers.a.frobnicate=x"])[0]?.remedy).toBe("correct the key, or remove the tag");
  });

  test("keys are quoted with the operator's own prefix", () => {
    const decoded = decodeLabels(labelsOf(["edge.http.routers.a.priority=high"], "edge"), "3.7");
    expect(decoded).toEqual({
      kind: "refused",
      problems: [
        {
          code: "TAG_BAD_VALUE",
          tag: "edge.http.routers.a.priority=high",
          spot: { in: "value" },
          message:
            'key "edge.http.routers.a.priority" has "high", allowed is a decimal integer of 64 bits, without blanks or underscores',
          remedy: "correct the value, or remove the tag",
        },
      ],
    });
  });

  test.each([
    "basicauth.users=bob:s3cret║",
    "basicauth.user=bob:s3cret",
    "basicauth=bob:s3cret",
    "basicauth.users.bob.x=s3cret",
    "ratelimit.redis.password.x=s3cret",
    "ratelimit.redis.pasword=s3cret",
    "forwardauth.tls.key.=s3cret",
    "plugin.p.passwords[0]=s3cret║",
    `headers.customrequestheaders.${"x".repeat(2000)}=s3cret`,
  ])("a secret shows neither in the tag nor in the text: %s", (tag) => {
    const found = problems([`traefik.http.middlewares.m.${tag}`]);
    expect(found).toHaveLength(1);
    expect(found[0]?.tag).toContain("=***");
    expect(JSON.stringify(found)).not.toContain("s3cret");
  });
});
