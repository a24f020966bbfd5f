import { describe, expect, test } from "vitest";
import { mayNeedHint, notEnabledHint } from "../../../../src/core/traefik/hints/not-enabled.ts";
import { keyMeant } from "../../../../src/core/traefik/hints/prefix.ts";
import { tagHints } from "../../../../src/core/traefik/hints/tag-hints.ts";
import { labelsOf } from "../../../../src/core/traefik/labels/labels.ts";

const SETTINGS = { prefix: "traefik", version: "3.6" } as const;

function remedies(tags: readonly string[], settings: { prefix: string; version: "3.6" } = SETTINGS): readonly string[] {
  return tagHints({ tags, service: "my.web" }, labelsOf(tags, settings.prefix), settings).map(({ remedy }) => remedy);
}

describe("the remedy of a tag without =", () => {
  test.each([
    [
      "traefik.http.routers.a.entryPoints: websecure",
      "write traefik.http.routers.a.entryPoints=websecure, or remove the tag",
    ],
    [
      "traefik.http.routers.a.entryPoints websecure",
      "write traefik.http.routers.a.entryPoints=websecure, or remove the tag",
    ],
    ["traefik.http.routers.b.tls", "write traefik.http.routers.b.tls=true, or remove the tag"],
    ["traefik.http.routers.b.priority", "write traefik.http.routers.b.priority=…, or remove the tag"],
    ["traefik.http.routers.b.priority: high", "write traefik.http.routers.b.priority=…, or remove the tag"],
    ["traefik.http.routers.b.rule: Host(`b`)", "write traefik.http.routers.b.rule=Host(`b`), or remove the tag"],
    ["traefik.enable", "write traefik.enable=true, or remove the tag"],
    ["traefik.http.nothing.known", "write traefik.http.nothing.known=…, or remove the tag"],
    [
      "traefik.http.middlewares.m.headers.customRequestHeaders.X-Token secret",
      "write traefik.http.middlewares.m.headers.customRequestHeaders.X-Token=…, or remove the tag",
    ],
  ])("%s: %s", (tag, remedy) => {
    expect(remedies([tag])).toEqual([remedy]);
  });

  test("names the operator's own prefix", () => {
    expect(remedies(["edge.http.routers.b.tls"], { prefix: "edge", version: "3.6" })).toEqual([
      "write edge.http.routers.b.tls=true, or remove the tag",
    ]);
  });
});

test("no hint shows what may be a secret", () => {
  const SECRET = "s3cr3t";
  const found = tagHints(
    { tags: TAGS_WITH_SECRETS.map((tag) => tag.replace("SECRET", SECRET)), service: "web" },
    labelsOf(
      TAGS_WITH_SECRETS.map((tag) => tag.replace("SECRET", SECRET)),
      "traefik",
    ),
    SETTINGS,
  );
  expect(found).toHaveLength(TAGS_WITH_SECRETS.length);
  expect(JSON.stringify(found)).not.toContain(SECRET);
});

const TAGS_WITH_SECRETS = [
  "traefik.http.middlewares.a.basicauth.users: admin:$apr1$SECRET",
  "traefik.http.middlewares.a.basicauth.users admin:$apr1$SECRET",
  "traefik.http.middlewares.a.basicauth.users=admin:$$apr1$$SECRET",
  `traefik.http.middlewares.a.digestauth.users=admin:realm:\${SECRET}`,
  `traefik.http.middlewares.a.headers.customrequestheaders.authorization=\${SECRET}`,
  "treafik.http.middlewares.a.basicauth.users=admin:SECRET",
  "Traefik.http.middlewares.a.basicauth.users:admin:SECRET",
  "traefik.frontend.auth.basic=admin:SECRET",
];

test.each([
  ["traefik.frontend.rule=Host:a", "write traefik.http.routers.my-web.rule=Host(`…`), or remove the tag"],
  ["traefik.admin.frontend.rule=Host:a", "write traefik.http.routers.my-web.rule=Host(`…`), or remove the tag"],
  ["traefik.port=80", "write traefik.http.services.my-web.loadbalancer.server.port=…, or remove the tag"],
  ["traefik.weight=10", "write portolan.weight=…, or remove the tag"],
  [
    "traefik.frontend.auth.basic=a:b",
    "write traefik.http.middlewares.my-web-auth.basicauth.users=… and traefik.http.routers.my-web.middlewares=my-web-auth, or remove the tag",
  ],
  ["traefik.routers.a.tls=true", "begin it with traefik.http., or with traefik.tcp. or traefik.udp."],
  ["Traefik.http.routers.a.tls=true", "write traefik.http.routers.a.tls instead of Traefik.http.routers.a.tls"],
])("%s: %s", (tag, remedy) => {
  expect(remedies([tag])).toEqual([remedy]);
});

test.each([
  "traefik.http.routers.a.tls=true",
  "traefik.tls.stores.default.defaultcertificate.certfile=a",
  "traefik.consulcatalog.canary=true",
  "traefik.nomad.canary=true",
  "traefik.zone=dmz",
  "traefik",
  "traefik-internal.http.routers.a.tls=true",
  "portolan.weight=3",
  "track.http.a=b",
  "http://traefik.example.org/",
  `traefik.http.middlewares.m.replacepathregex.replacement=/\${1}`,
  `traefik.http.middlewares.m.plugin.p.text=\${anything}`,
])("nothing is said about %s", (tag) => {
  expect(remedies([tag])).toEqual([]);
});

test.each([
  ["traefic.http.routers.a.rule", "traefik"],
  ["TRAEFIK.enable", "traefik"],
  ["traefik.intern.http.routers.a", undefined],
  ["x.enable", undefined],
])("%s is meant for %s", (key, prefix) => {
  expect(keyMeant(key, "traefik")?.split(".")[0]).toBe(prefix);
});

test("a prefix with dots is compared as a whole", () => {
  expect(keyMeant("edge.Web.http.routers.a.tls", "edge.web")).toBe("edge.web.http.routers.a.tls");
});

describe("a service that is not enabled", () => {
  test.each([
    [["traefik.http.routers.a.rule=x"], true],
    [["traefik.enable"], true],
    [["traefic.enable=true"], true],
    [["traefik.frontend.rule=Host:a"], true],
    [["traefik.http.routers.a.rule=x", "traefik.enable=false"], false],
    [["traefik.http.routers.a.rule=x", "traefik.enable=F"], false],
    [["traefik.zone=dmz"], false],
    [["traefik-internal.enable=true"], false],
    [[], false],
  ])("%j: %s", (tags, isHinted) => {
    const hint = notEnabledHint({ tags, service: "a" }, "traefik");
    expect(hint !== undefined).toBe(isHinted);
    if (isHinted) expect(mayNeedHint(tags, "traefik")).toBe(true);
  });
});
