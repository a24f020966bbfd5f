import { describe, expect, test } from "vitest";
import type { ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import type { Decision } from "../../../src/core/decision.ts";
import { withoutCaches } from "../../../src/core/memory.ts";
import { policyOf, policyWith } from "../../builders/printed-policy.ts";
import { instance, NOW_MS, pass, settings } from "../../builders/world.ts";

/* What a diagnostic prints is copied as it stands, and the refused router is routed. */

const ALLOCATION = "_nomad-task-5b0c7a1e-2f6d-4c3b-8a97-6e5d4c3b2a19-group-shop-";
const OTHER_ALLOCATION = "_nomad-task-83cf3586-a036-4417-8eee-9aa66e430114-group-shop-";

interface Asking extends Partial<ServiceInstance> {
  readonly priority?: number;
  readonly entryPoints?: string;
  readonly more?: readonly string[];
}

function asks(service: string, rule: string, options: Asking = {}): ServiceInstance {
  const { priority, entryPoints, more = [], ...overrides } = options;
  const at = `traefik.http.routers.${service}`;
  return instance({
    service,
    id: service,
    tags: [
      "traefik.enable=true",
      `${at}.rule=${rule}`,
      ...(priority === undefined ? [] : [`${at}.priority=${priority}`]),
      ...(entryPoints === undefined ? [] : [`${at}.entrypoints=${entryPoints}`]),
      ...more,
    ],
    ...overrides,
  });
}

const SHOP = "Host(`shop.lab.local`)";
const API = `${SHOP} && PathPrefix(\`/api\`)`;
const bystander = asks("bystander", "Host(`bystander.lab.local`)", { createIndex: 5 });

function routersOf({ chart }: Decision): readonly string[] {
  return [...chart["http/routers"].keys(), ...chart["tcp/routers"].keys()].sort();
}

interface Case {
  readonly services: readonly ServiceInstance[];
  readonly policy?: { readonly rules: readonly unknown[] };
  /** The router that is refused, and what of others goes in its place. */
  readonly refused: string;
  readonly instead?: readonly string[];
  /** A part of the printed text. */
  readonly shows: string;
}

const front = asks("front", SHOP, { createIndex: 10, id: `${ALLOCATION}front` });
const api = asks("api", API, { createIndex: 20, id: `${OTHER_ALLOCATION}api` });

describe("the printed lines of a policy, copied as they are, bring the route", () => {
  test.each<[string, Case]>([
    [
      "the groups of one job by Consul",
      {
        services: [front, api],
        refused: "api",
        shows:
          'Consul does not tell which Nomad job a service belongs to, so that the groups of one job count as strangers; a Nomad tells it that the settings name (schedulers: [{ address: "http://127.0.0.1:4646" }]) and whose token has read-job; to let the services "api", "front" have both host and path, name a policy file in the settings (policy: FILE) with the content: rules: [{ service: "api", hosts: ["shop.lab.local"], paths: ["/api"] }, { service: "front", hosts: ["shop.lab.local"], paths: ["/"] }, {}]',
      },
    ],
    [
      "the API was first",
      {
        services: [asks("front", SHOP, { createIndex: 30 }), api],
        refused: "front",
        shows: '{ service: "front", hosts: ["shop.lab.local"], paths: ["/"] }',
      },
    ],
    [
      "the owner has other services of its group beside it",
      {
        services: [
          front,
          asks("pay", `${SHOP} && PathPrefix(\`/pay\`)`, { id: `${ALLOCATION}pay`, port: 24005, createIndex: 12 }),
          api,
        ],
        refused: "api",
        shows: '{ service: "pay", hosts: ["shop.lab.local"], paths: ["/pay"] }',
      },
    ],
    [
      "its other router has another host of a third service",
      {
        services: [
          front,
          asks("wiki", "Host(`wiki.lab.local`)", { createIndex: 11 }),
          asks("api", API, {
            createIndex: 20,
            more: [
              "traefik.http.routers.help.rule=Host(`wiki.lab.local`) && Path(`/help`)",
              "traefik.http.routers.help.service=api",
            ],
          }),
        ],
        refused: "api",
        shows: '{ service: "wiki", hosts: ["wiki.lab.local"], paths: ["/"] }',
      },
    ],
    [
      "several instances",
      {
        services: [front, api, { ...api, id: "api-2", node: "node-2", port: 24007 }],
        refused: "api",
        shows: '{ service: "api", hosts: ["shop.lab.local"], paths: ["/api"] }',
      },
    ],
    [
      "the twin of a stranger at another entry point",
      {
        services: [
          asks("plain", SHOP, { entryPoints: "web" }),
          asks("secure", SHOP, { entryPoints: "websecure", createIndex: 20 }),
        ],
        refused: "secure",
        shows: '{ service: "secure", hosts: ["shop.lab.local"], paths: ["/"] }',
      },
    ],
    [
      "a namespace is part of a service's name",
      {
        services: [
          asks("front", SHOP, { namespace: "one" }),
          asks("api", API, { namespace: "two", createIndex: 20 }),
          asks("front", "Host(`other.lab.local`)", {
            namespace: "two",
            id: "other",
            createIndex: 30,
            tags: ["traefik.enable=true", "traefik.http.routers.other.rule=Host(`other.lab.local`)"],
          }),
        ],
        refused: "api",
        shows: '{ service: "front", namespace: "one", hosts: ["shop.lab.local"], paths: ["/"] }',
      },
    ],
    [
      "it would take all of the host",
      {
        services: [front, asks("new", SHOP, { createIndex: 20 })],
        refused: "new",
        instead: ["front"],
        shows: 'to give it to service "new" instead',
      },
    ],
    [
      "the call-back path of a single sign-on",
      {
        services: [front, asks("sso", "PathPrefix(`/oauth2`)", { priority: 1000, createIndex: 20 })],
        refused: "sso",
        shows: 'rules: [{ service: "sso", hosts: ["*"], paths: ["/oauth2"] }, {}]',
      },
    ],
    [
      "the call-back path of a domain",
      {
        services: [
          front,
          asks("sso", "HostRegexp(`^.+\\.lab\\.local$`) && PathPrefix(`/oauth2`)", { priority: 1000, createIndex: 20 }),
        ],
        refused: "sso",
        shows: '{ service: "sso", hosts: ["*.lab.local"], paths: ["/oauth2"] }',
      },
    ],
    [
      "a set of many hosts that another service has",
      {
        services: [asks("old", "PathPrefix(`/oauth2`)"), asks("sso", "PathPrefix(`/oauth2`)", { createIndex: 20 })],
        refused: "sso",
        instead: ["old"],
        shows: 'to give it to service "sso" instead',
      },
    ],
    [
      "a TCP router for all clients of its own entry point",
      {
        services: [
          front,
          asks("api", API, {
            createIndex: 20,
            more: ["traefik.tcp.routers.db.rule=HostSNI(`*`)", "traefik.tcp.routers.db.entrypoints=postgres"],
          }),
        ],
        refused: "api",
        shows: 'tcpEntryPoints: ["postgres"]',
      },
    ],
    [
      "a policy that limits both of them",
      {
        services: [front, api],
        policy: {
          rules: [
            { service: "front", hosts: ["*.lab.local"], maxPriority: 500 },
            { service: "*", middlewares: { define: [], use: ["auth@file"] }, backends: ["192.168.11.0/24"] },
          ],
        },
        refused: "api",
        shows:
          'put before the other rules of the policy: - { service: "api", hosts: ["shop.lab.local"], paths: ["/api"], middlewares: { define: [], use: ["auth@file"] }, backends: ["192.168.11.0/24"] } and - { service: "front", hosts: ["*.lab.local"], paths: ["/"], maxPriority: 500 }',
      },
    ],
    [
      "a policy that names the owner",
      {
        services: [front, api],
        policy: { rules: [{ service: "front", hosts: ["shop.lab.local"], paths: ["/"] }, {}] },
        refused: "api",
        shows: 'before the other rules of the policy: - { service: "api", hosts: ["shop.lab.local"], paths: ["/api"] }',
      },
    ],
  ])("%s", (_, { services, policy: before, refused, instead = [], shows }) => {
    const all = [...services, bystander];
    const core = { ...settings(), ...(before && { policy: policyOf(before) }) };
    const first = pass(all, { settings: core });
    expect(routersOf(first)).not.toContain(refused);
    const found = first.diagnostics.find(({ message }) => message.startsWith(`http/routers/${refused} `));
    expect(found?.remedy).toContain(shows);
    const after = { ...settings(), policy: policyWith(found?.remedy ?? "", before) };
    const expected = [...new Set([...routersOf(first), refused])].filter((name) => !instead.includes(name));
    for (const previous of [first.memory, withoutCaches(first.memory), undefined]) {
      for (const order of [all, all.toReversed()]) {
        const again = pass(order, { settings: after, ...(previous && { previous }) });
        // What a new policy takes away is held: a service that loses its host keeps its router until the release.
        const names = routersOf(again).filter((name) => !instead.includes(name));
        expect(names).toEqual(expect.arrayContaining(expected));
      }
    }
  });
});

test.each<[string, readonly ServiceInstance[], string]>([
  ["all paths of all hosts", [front, asks("edge", "PathPrefix(`/`)", { priority: 999, createIndex: 20 })], "edge"],
  ["the same group", [front, asks("api", SHOP, { createIndex: 20, id: `${ALLOCATION}api`, port: 24002 })], "api"],
])("no lines are printed where they would not help: %s", (_, services, refused) => {
  const { diagnostics } = pass([...services, bystander]);
  const found = diagnostics.find(({ message }) => message.startsWith(`http/routers/${refused} `));
  expect(found?.remedy).not.toMatch(/rules:|polic/);
});

test("lines that are too long for a message are not printed", () => {
  const paths = Array.from({ length: 200 }, (_, i) => `PathPrefix(\`/${100 + i}/path\`)`).join(" || ");
  const { diagnostics } = pass([front, asks("api", `${SHOP} && (${paths})`, { createIndex: 20 })]);
  expect(diagnostics[0]?.remedy).toMatch(/and a policy may grant it$/);
});

test.each(["", "team"])("a service that no rule of the policy is about, in the namespace %j", (namespace) => {
  const before = { rules: [{ service: "bystander" }] };
  const all = [asks("front", SHOP, { namespace }), bystander];
  const refused = pass(all, { settings: { ...settings(), policy: policyOf(before) } });
  expect(routersOf(refused)).toEqual(["bystander"]);
  const remedy = refused.diagnostics[0]?.remedy ?? "";
  const after = pass(all, { settings: { ...settings(), policy: policyWith(remedy, before) } });
  expect(routersOf(after)).toEqual(["bystander", "front"]);
});

test("a host that is kept for an absent owner", () => {
  const { memory } = pass([front, bystander]);
  const gone = { ...front, checks: [{ id: "c", name: "c", status: "critical" }] };
  const all = [gone, api, bystander];
  const kept = pass(all, { previous: memory, nowMs: NOW_MS + 1_000 });
  expect(routersOf(kept)).toEqual(["bystander", "front"]);
  const { remedy = "" } = kept.diagnostics.find(({ code }) => code === "HOST_TAKEN") ?? {};
  const after = { ...settings(), policy: policyWith(remedy) };
  for (const previous of [kept.memory, withoutCaches(kept.memory)]) {
    const again = pass(all, { settings: after, previous, nowMs: NOW_MS + 2_000 });
    expect(routersOf(again)).toEqual(["api", "bystander", "front"]);
    const back = pass([front, api, bystander], { settings: after, previous: again.memory, nowMs: NOW_MS + 3_000 });
    expect(routersOf(back)).toEqual(["api", "bystander", "front"]);
  }
});
