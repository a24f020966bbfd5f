import { describe, expect, test } from "vitest";
import type { ResourceDiff } from "../../../src/core/chart-diff/chart-diff.ts";
import { fieldChanges } from "../../../src/core/chart-diff/field-changes.ts";
import type { ConfigObject, ResourceKey } from "../../../src/core/traefik/chart/dynamic-config.ts";

function changed(key: ResourceKey, before: ConfigObject, after: ConfigObject): ResourceDiff {
  return { key, kind: "changed", before, after };
}

const url = (port: number) => ({ url: `http://10.0.0.1:${port}` });

describe("the fields in which a thing differs", () => {
  test.each<[string, ConfigObject, ConfigObject, ReturnType<typeof fieldChanges>]>([
    ["a value", { priority: 1 }, { priority: 2 }, [{ path: ["priority"], before: 1, after: 2 }]],
    ["a field that comes", {}, { priority: 2 }, [{ path: ["priority"], after: 2 }]],
    ["a field that goes", { tls: {} }, {}, [{ path: ["tls"], before: {} }]],
    [
      "fields below one that comes",
      {},
      { tls: { options: "strict", certResolver: "acme" } },
      [
        { path: ["tls", "certResolver"], after: "acme" },
        { path: ["tls", "options"], after: "strict" },
      ],
    ],
    [
      "items of a list",
      { middlewares: ["a", "b"] },
      { middlewares: ["b", "c"] },
      [
        { path: ["middlewares"], before: "a" },
        { path: ["middlewares"], after: "c" },
      ],
    ],
    [
      "an item that is there twice",
      { middlewares: ["a"] },
      { middlewares: ["a", "a"] },
      [{ path: ["middlewares"], after: "a" }],
    ],
    [
      "the order of a list",
      { middlewares: ["a", "b"] },
      { middlewares: ["b", "a"] },
      [{ path: ["middlewares"], before: ["a", "b"], after: ["b", "a"] }],
    ],
    [
      "a value that becomes an object, of which nothing is known",
      { priority: 1 },
      { priority: { high: 1 } },
      [{ path: ["priority"], before: 1, after: { high: "***" } }],
    ],
  ])("%s", (_, before, after, expected) => {
    expect(fieldChanges(changed("http/routers/web", before, after))).toEqual(expected);
  });

  test("servers that come and go, one each", () => {
    const servers = (...ports: readonly number[]) => ({ loadBalancer: { servers: ports.map(url) } });
    const path = ["loadBalancer", "servers"];
    expect(fieldChanges(changed("http/services/web", servers(1, 2), servers(2, 3)))).toEqual([
      { path, before: url(1) },
      { path, after: url(3) },
    ]);
    expect(fieldChanges(changed("http/services/web", servers(1), servers()))).toEqual([{ path, before: url(1) }]);
    expect(fieldChanges({ key: "http/services/web", kind: "added", after: servers() })).toEqual([{ path, after: [] }]);
  });

  test("secrets are not shown, and that they are other ones is", () => {
    const headers = (token: string) => ({ headers: { customRequestHeaders: { Authorization: token } } });
    expect(fieldChanges(changed("http/middlewares/auth", headers("Bearer one"), headers("Bearer two")))).toEqual([
      { path: ["headers", "customRequestHeaders", "Authorization"], before: "***", after: "***", isSecret: true },
    ]);
    const users = (...hashes: readonly string[]) => ({ basicAuth: { users: hashes } });
    const shown = fieldChanges(changed("http/middlewares/auth", users("a:$2y$one"), users("a:$2y$two")));
    expect(shown).toEqual([
      { path: ["basicAuth", "users"], before: "***" },
      { path: ["basicAuth", "users"], after: "***" },
    ]);
  });
});
