import { describe, expect, test } from "vitest";
import { parsePolicy } from "../../../src/config/files/policy-file.ts";

function problems(content: unknown): readonly string[] {
  const parsed = parsePolicy(content);
  return parsed.kind === "refused" ? parsed.errors : [];
}

test("a policy is read as it is written, hosts in lower case", () => {
  const parsed = parsePolicy({
    networks: ["192.168.11.0/24", "fd00::/8"],
    rules: [
      { service: "shop-*", namespace: "team", hosts: ["Shop.lab.local", "*.shop.lab.local"], maxPriority: 10 },
      { middlewares: { define: [], use: ["auth@file"] }, backends: ["10.0.0.1"] },
    ],
  });
  expect(parsed).toMatchObject({
    kind: "sound",
    policy: {
      networks: [{ text: "192.168.11.0/24", length: 24 }, { length: 8 }],
      rules: [
        { name: "rules.0", service: "shop-*", hosts: ["shop.lab.local", "*.shop.lab.local"] },
        { name: "rules.1", backends: [{ bytes: [10, 0, 0, 1], length: 32 }] },
      ],
    },
  });
});

describe("names that the ledger gives to networks", () => {
  const ledger = { namedNetworks: new Map([["services", ["192.168.11.0/24", "192.168.12.0/24"]]]) };

  test("stand for those networks, beside others", () => {
    const parsed = parsePolicy({ networks: ["services"], rules: [{ backends: ["10.0.0.1", "services"] }] }, ledger);
    expect(parsed).toMatchObject({
      policy: {
        networks: [{ text: "192.168.11.0/24" }, { text: "192.168.12.0/24" }],
        rules: [{ backends: [{ text: "10.0.0.1" }, { text: "192.168.11.0/24" }, { text: "192.168.12.0/24" }] }],
      },
    });
  });

  test("are refused where the ledger has none of that name", () => {
    const parsed = parsePolicy({ networks: ["servces"], rules: [{ backends: ["vpn"] }] }, ledger);
    const allowed =
      "an address or a range such as 192.168.11.0/24 is allowed, and what networks in the ledger has by name: services";
    expect(parsed).toEqual({
      kind: "refused",
      errors: [`networks.0: found "servces"; ${allowed}`, `rules.0.backends.0: found "vpn"; ${allowed}`],
    });
  });
});

test.each(["jwt*", "jwt@consulcatalog", "jwt@nomad", "jwt@internal", "", "a b"])(
  "%j cannot be demanded of a router",
  (name) => {
    expect(problems({ rules: [{ middlewares: { require: [name] } }] })).toEqual([
      expect.stringMatching(
        /^rules\.0\.middlewares\.require\.0: found ".*"; the name of one middleware of yours is allowed/,
      ),
    ]);
  },
);

test.each([
  ["main", ["main"]],
  [
    ["public", "lan-*"],
    ["public", "lan-*"],
  ],
  [[], []],
])("the edge %j is read as a list", (edge, expected) => {
  expect(parsePolicy({ rules: [{ edge }] })).toMatchObject({ policy: { rules: [{ edge: expected }] } });
});

describe("a problem of a policy names its place, what was found and what is allowed", () => {
  test.each<[unknown, readonly string[]]>([
    [null, ["the file: found nothing; a mapping is allowed"]],
    [{}, ["rules: found nothing; a list is allowed"]],
    [{ rules: [] }, ["rules: found a list; a list of at least 1 entry is allowed"]],
    [{ rules: [{}], rule: [] }, ["rule: found an unknown key; allowed here: networks, authEndpoints, rules"]],
    [
      { rules: [{ host: ["a"] }] },
      [expect.stringMatching(/^rules\.0\.host: found an unknown key; allowed here: service, job, .*hosts, paths/)],
    ],
    [
      { rules: [{ middlewares: { allow: [] } }] },
      ["rules.0.middlewares.allow: found an unknown key; allowed here: define, use, require"],
    ],
    [
      { rules: [{ hosts: ["https://a.org"] }] },
      [expect.stringContaining('rules.0.hosts.0: found "https://a.org"; "*", a host such as app.example.org')],
    ],
    [{ rules: [{ hosts: ["a.*.org"] }] }, [expect.stringContaining('rules.0.hosts.0: found "a.*.org";')]],
    [{ rules: [{ paths: ["api"] }] }, ['rules.0.paths.0: found "api"; a path that begins with "/" is allowed']],
    [
      { rules: [{ backends: ["10.0.0.0/33"] }] },
      [
        'rules.0.backends.0: found "10.0.0.0/33"; an address or a range such as 192.168.11.0/24 is allowed, and a name that networks in the ledger gives to one',
      ],
    ],
    [{ rules: [{ protocols: ["https"] }] }, ['rules.0.protocols.0: found "https"; allowed: http, tcp, udp']],
    [{ rules: [{ service: "" }] }, ['rules.0.service: found ""; a text of at least 1 character is allowed']],
    [
      { rules: [{}, { service: "shop" }] },
      [expect.stringContaining("rules.0: found a rule about all services before others, which would never count")],
    ],
  ])("%j", (content, expected) => {
    expect(problems(content)).toEqual(expected);
  });
});
