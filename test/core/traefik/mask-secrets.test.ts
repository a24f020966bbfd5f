import { expect, test } from "vitest";
import { TRAEFIK_VERSIONS } from "../../../src/core/traefik/chart/dynamic-config.ts";
import { maskSecrets } from "../../../src/core/traefik/mask-secrets.ts";
import { fieldPaths } from "../../../src/core/traefik/schema/field-paths.ts";

test.each([
  [{ basicAuth: { users: ["a:$2y$x"], realm: "r" } }, { basicAuth: { users: ["***"], realm: "r" } }],
  [{ digestAuth: { users: ["a:r:h"], headerField: "x" } }, { digestAuth: { users: ["***"], headerField: "x" } }],
  [
    { headers: { customRequestHeaders: { Authorization: "Bearer s", X: "y" }, frameDeny: true } },
    { headers: { customRequestHeaders: { Authorization: "***", X: "***" }, frameDeny: true } },
  ],
  [
    { forwardAuth: { address: "http://u:p@auth:24000/verify", tls: { key: "pem", insecureSkipVerify: true } } },
    { forwardAuth: { address: "http://***@auth:24000/verify", tls: { key: "***", insecureSkipVerify: true } } },
  ],
  [
    { plugin: { guard: { token: "s", list: ["a", { b: "c" }], count: 3 } } },
    { plugin: { guard: { token: "***", list: ["***", { b: "***" }], count: "***" } } },
  ],
  [
    { redirectRegex: { regex: "^https://a/(.*)", replacement: "https://b/$1?key=s&x=" } },
    { redirectRegex: { regex: "^https://a/(.*)", replacement: "https://b/$1?key=***&x=" } },
  ],
  [
    { forwardAuth: { address: "http://auth:24000/verify?token=s" } },
    { forwardAuth: { address: "http://auth:24000/verify?token=***" } },
  ],
  [{ addPrefix: { prefix: "/a@b" } }, { addPrefix: { prefix: "/a@b" } }],
])("a middleware %j is shown as %j", (middleware, shown) => {
  expect(maskSecrets("http/middlewares", middleware)).toEqual(shown);
});

test("a server's URL is shown without its password, and what the schema does not know not at all", () => {
  const servers = [{ url: "http://u:p@10.0.0.1:24000", weight: 2 }];
  expect(maskSecrets("http/services", { loadBalancer: { servers }, unknown: "s" })).toEqual({
    loadBalancer: { servers: [{ url: "http://***@10.0.0.1:24000", weight: 2 }] },
    unknown: "***",
  });
});

test.each(TRAEFIK_VERSIONS)(
  "%s: no free text by a name of the owner's choice is shown: headers may hold tokens",
  (version) => {
    const free = [...fieldPaths(version)].filter(({ field }) => field.kind === "map" && field.entry.kind === "string");
    const shown = free.filter(
      ({ field }) => field.secret !== true && field.internal !== true && field.connects !== "nothing",
    );
    expect(shown.map(({ path }) => path)).toEqual([]);
    expect(free.length).toBeGreaterThan(2);
  },
);
