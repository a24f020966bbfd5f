import { describe, expect, test } from "vitest";
import { readCatalogs } from "../../../src/app/explain/read-catalogs.ts";
import { PLAIN_TEXT } from "../../../src/cli/text/colour.ts";
import { legacyText } from "../../../src/cli/text/explain/legacy-text.ts";
import { explainLegacy } from "../../../src/core/explain/legacy/legacy.ts";
import type { LegacyAnswer } from "../../../src/core/explain/legacy/legacy-answer.ts";
import { endpointOf, serversOf } from "../../../src/core/traefik/chart/servers.ts";
import type { CatalogStep, CompactInstance, GoldenCase } from "../../golden/case-file.ts";
import { type Played, playWhole } from "../../golden/play.ts";

type Situation = Omit<GoldenCase, "name" | "description" | "outcome">;

const LEGACY = {
  http: {
    routers: {
      nas: { rule: "Host(`nas.lab.local`)", service: "nas" },
      backup: { rule: "Host(`backup.lab.local`)", service: "backup", tls: {} },
    },
    services: {
      nas: { loadBalancer: { servers: [{ url: "http://192.168.30.6:5000" }] } },
      backup: { loadBalancer: { servers: [{ url: "https://192.168.30.200:24080" }] } },
    },
  },
};
const OPEN = { ports: { exceptions: [{ service: "nas", ports: "5000", purpose: "disk station" }] } };

function legacyOf({ decision, snapshots, settings, core, nowMs }: Played): LegacyAnswer {
  const decided = { decision, snapshots, settings: core, nowMs, output: "portolan.yml" };
  return explainLegacy({ ...decided, catalogs: readCatalogs(settings) });
}

function legacyIn(situation: Situation): LegacyAnswer {
  return legacyOf(playWhole(situation));
}

function textOf({ says, entries }: LegacyAnswer): string {
  return legacyText({ charts: [{ chart: "main", says, entries: [...entries] }] } as never, PLAIN_TEXT);
}

const states = ({ entries }: LegacyAnswer) => Object.fromEntries(entries.map(({ name, state }) => [name, state]));

/** The registrations that a step prints, as the catalog would have them. */
function printedRegistrations({ entries }: LegacyAnswer): readonly CompactInstance[] {
  return entries
    .flatMap(({ next }) => next.flatMap(({ lines }) => lines))
    .flatMap((line) => {
      const [, json] = /^printf %s '(.*)' > /.exec(line) ?? [];
      if (json === undefined) return [];
      const { services } = JSON.parse(json.replaceAll(`'\\''`, "'")) as {
        readonly services: readonly {
          name: string;
          id: string;
          address: string;
          port: number;
          tags: string[];
          checks: unknown;
        }[];
      };
      return services.map(({ name: service, checks: _, ...rest }) => ({ service, ...rest }));
    });
}

/** Where the chart sends each host; every host must be there in every step. */
function served({ decision: { chart } }: Played): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    [...chart["http/routers"].values()].map((router) => [
      String(router["rule"]),
      serversOf(chart["http/services"].get(String(router["service"])) ?? {}).map(endpointOf),
    ]),
  );
}

test("without snippets there is nothing to migrate, and the first line says so", () => {
  const answer = legacyIn({ services: [] });
  expect(answer.entries).toEqual([]);
  expect(textOf(answer)).toBe("no static entries: what the snippets route to, the catalog keeps up to date\n");
});

test("the move, step by step: what is printed is done, the answer says when the lines may go, and no host is ever without servers", () => {
  const snippets = { "legacy.yml": LEGACY };
  const first: CatalogStep = { services: [], snippets };
  const begun = legacyIn({ settings: OPEN, ...first });
  expect(begun.says).toBe("2 static entries: 2 have not begun");
  expect(textOf(begun)).toMatchInlineSnapshot(`
    "2 static entries: 2 have not begun

    · http/services/nas in legacy.yml: not begun
      address http://192.168.30.6:5000: registered by no service that is known
      router  nas: Host(\`nas.lab.local\`); no service asks for it
      next    register it as an external service, beside the file, whose router goes
              first until its lines are deleted:
        printf %s '{"services":[{"id":"nas","name":"nas","address":"192.168.30.6","port":5000,"tags":["traefik.enable=true","traefik.http.routers.nas.rule=Host(\`nas.lab.local\`)"],"checks":[{"tcp":"192.168.30.6:5000","interval":"10s","timeout":"2s"}]}]}' > nas.json
        consul services register -http-addr=http://127.0.0.1:8500 nas.json

    · http/services/backup in legacy.yml: not begun
      address https://192.168.30.200:24080: registered by no service that is known
      router  backup: Host(\`backup.lab.local\`); no service asks for it
      next    register it as an external service, beside the file, whose router goes
              first until its lines are deleted:
        printf %s '{"services":[{"id":"backup","name":"backup","address":"192.168.30.200","port":24080,"tags":["traefik.enable=true","traefik.http.routers.backup.rule=Host(\`backup.lab.local\`)","traefik.http.routers.backup.tls=true","traefik.http.services.backup.loadbalancer.server.scheme=https"],"checks":[{"tcp":"192.168.30.200:24080","interval":"10s","timeout":"2s"}]}]}' > backup.json
        consul services register -http-addr=http://127.0.0.1:8500 backup.json
    "
  `);

  const services = printedRegistrations(begun);
  expect(services.map(({ service, address, port }) => `${service} ${address}:${port}`)).toEqual([
    "nas 192.168.30.6:5000",
    "backup 192.168.30.200:24080",
  ]);
  const beside: CatalogStep = { services, snippets };
  const registered = playWhole({ settings: OPEN, previous: [first], ...beside });
  expect(legacyOf(registered).says).toBe("2 static entries: 2 can be deleted");
  expect(textOf(legacyOf(registered))).toMatchInlineSnapshot(`
    "2 static entries: 2 can be deleted

    ✓ http/services/nas in legacy.yml: can be deleted
      address http://192.168.30.6:5000: registered by nas (instance nas on node-1,
              healthy, asks for routes)
      router  nas: Host(\`nas.lab.local\`); router nas of nas takes over (1 server)
      next    service nas asks for the same and is healthy: delete http.routers.nas
              and http.services.nas from legacy.yml; it takes over in the pass that
              sees them gone, and no visitor gets an error in between

    ✓ http/services/backup in legacy.yml: can be deleted
      address https://192.168.30.200:24080: registered by backup (instance backup on
              node-1, healthy, asks for routes)
      router  backup: Host(\`backup.lab.local\`); router backup of backup takes over
              (1 server)
      next    service backup asks for the same and is healthy: delete
              http.routers.backup and http.services.backup from legacy.yml; it takes
              over in the pass that sees them gone, and no visitor gets an error in
              between
    "
  `);

  const deleted = playWhole({ settings: OPEN, previous: [first, beside], services, snippets: {} });
  expect(legacyOf(deleted).entries).toEqual([]);
  const everywhere = {
    "Host(`nas.lab.local`)": ["http://192.168.30.6:5000"],
    "Host(`backup.lab.local`)": ["https://192.168.30.200:24080"],
  };
  for (const step of [playWhole({ settings: OPEN, ...first }), registered, deleted])
    expect(served(step)).toEqual(everywhere);
  expect(deleted.decision.diagnostics).toEqual([]);
});

test("a service that registers the address without tags is told the tags, and with them the entry can be deleted", () => {
  const snippets = { "legacy.yml": LEGACY };
  const untagged = { service: "nas", id: "nas-1", node: "nas-9", nodeAddress: "192.168.30.6", port: 5000 };
  const seen = { ...untagged, tags: ["storage"] };
  const half = legacyIn({ settings: OPEN, services: [seen], snippets });
  expect(states(half)).toEqual({ nas: "half", backup: "not-begun" });
  expect(half.says).toBe("2 static entries: 1 is half moved, 1 has not begun");
  const [nas] = half.entries;
  expect(nas?.addresses[0]?.registered).toMatchObject([
    { service: "nas", id: "nas-1", node: "nas-9", isHealthy: true, asksForRoutes: false },
  ]);
  const tags = nas?.next.flatMap(({ lines }) => lines.map((line) => JSON.parse(line) as string)) ?? [];
  expect(tags).toEqual(["traefik.enable=true", "traefik.http.routers.nas.rule=Host(`nas.lab.local`)"]);
  const tagged = legacyIn({ settings: OPEN, services: [{ ...seen, tags: ["storage", ...tags] }], snippets });
  expect(states(tagged)).toEqual({ nas: "done", backup: "not-begun" });
});

test("a service that moved elsewhere and asks for the host is enough, whoever has the address", () => {
  const moved = {
    service: "nas-job",
    port: 24_001,
    tags: ["traefik.enable=true", "traefik.http.routers.files.rule=Host(`nas.lab.local`)"],
  };
  const answer = legacyIn({ services: [moved], snippets: { "legacy.yml": LEGACY } });
  expect(states(answer)).toEqual({ nas: "done", backup: "not-begun" });
  expect(answer.entries[0]?.routers[0]?.successors).toEqual([{ router: "files", service: "nas-job", servers: 1 }]);
});

test.each<[string, Partial<CompactInstance>, RegExp]>([
  ["is unhealthy", { checks: "critical" }, /critical/],
  ["holds a port that may not be routed", { port: 5000 }, /PORT_OUTSIDE_WINDOW.*declare it/],
  [
    "asks for less than the file serves",
    { tags: ["traefik.enable=true", "traefik.http.routers.nas.rule=Host(`nas.lab.local`) && PathPrefix(`/ui`)"] },
    /TAKES_LESS/,
  ],
  [
    "asks at other entry points",
    {
      tags: [
        "traefik.enable=true",
        "traefik.http.routers.nas.rule=Host(`nas.lab.local`)",
        "traefik.http.routers.nas.entrypoints=admin",
      ],
    },
    /entry points differ/,
  ],
])("a service that asks for the host and %s does not end the entry, and the step says why", (_, more, why) => {
  const tags = ["traefik.enable=true", "traefik.http.routers.nas.rule=Host(`nas.lab.local`)"];
  const service = { service: "nas", port: 24_001, tags, ...more };
  const answer = legacyIn({ services: [service], snippets: { "legacy.yml": LEGACY } });
  expect(states(answer)).toEqual({ nas: "half", backup: "not-begun" });
  expect(answer.entries[0]?.next.map(({ says }) => says).join("\n")).toMatch(why);
});

test("what the registration would be refused for is told before it is made", () => {
  const answer = legacyIn({ services: [], snippets: { "legacy.yml": LEGACY } });
  expect(answer.entries[0]?.next[1]?.says).toMatch(
    /^it would be refused as things are: .*PORT_OUTSIDE_WINDOW.*ports: \{/,
  );
  expect(answer.entries[1]?.next).toHaveLength(1);
});

test("of several Consuls the one is named in which the policy lets the service in", () => {
  const answer = legacyIn({
    settings: {
      catalogs: [
        { name: "lab", consul: { address: "http://127.0.0.1:8500", datacenter: "lab" } },
        { name: "old", consul: { address: "http://192.168.30.11:8500", datacenter: "old" } },
      ],
    },
    policy: { rules: [{ datacenter: "old", backends: ["192.168.30.0/24"] }, { backends: ["192.168.11.0/24"] }] },
    catalogs: { lab: "live", old: "live" },
    services: [],
    snippets: { "legacy.yml": LEGACY },
  });
  expect(answer.entries[1]?.next.flatMap(({ lines }) => lines)[1]).toBe(
    "consul services register -http-addr=http://192.168.30.11:8500 backup.json",
  );
});

test("a name that a service has is not given a second time: the entry would join that service's instances", () => {
  const other = { service: "nas", port: 24_001, tags: ["traefik.enable=true"] };
  const answer = legacyIn({ settings: OPEN, services: [other], snippets: { "legacy.yml": LEGACY } });
  expect(printedRegistrations(answer).map(({ service }) => service)).toEqual(["nas-legacy", "backup"]);
});

test("what tags or other routers use is not done, and what nothing leads to is", () => {
  const services = {
    lone: { loadBalancer: { servers: [{ url: "http://192.168.30.7:24000" }] } },
    shared: { loadBalancer: { servers: [{ url: "http://192.168.30.8:24000" }] } },
  };
  const user = {
    service: "shop",
    port: 24_001,
    tags: [
      "traefik.enable=true",
      "traefik.http.routers.shop.rule=Host(`shop.lab.local`)",
      "traefik.http.routers.shop.service=shared",
    ],
  };
  const settings = { allow: [{ service: "shop", uses: ["shared"] }] };
  const answer = legacyIn({ settings, services: [user], snippets: { "a.yml": { http: { services } } } });
  expect(states(answer)).toEqual({ lone: "done", shared: "not-begun" });
  expect(answer.entries[0]?.next).toEqual([
    {
      says: "nothing in the chart leads to it: where no file beside the chart and no entry point of Traefik's names lone@file, delete http.services.lone from a.yml",
      lines: [],
    },
  ]);
  expect(answer.entries[1]?.usedBy).toEqual(["shop"]);
});

test("passwords in addresses are shown to no reader", () => {
  const servers = [{ url: "http://admin:PLANTED@192.168.30.6:5000" }];
  const http = {
    routers: LEGACY.http.routers,
    services: { ...LEGACY.http.services, nas: { loadBalancer: { servers } } },
  };
  const answer = legacyIn({ services: [], snippets: { "legacy.yml": { http } } });
  expect(JSON.stringify(answer) + textOf(answer)).not.toContain("PLANTED");
});

test("an authentication endpoint is named by its service, once that registers the address, and is no static entry any more", () => {
  const guards = (address: string) => ({
    "guards.yml": { http: { middlewares: { jwt: { forwardAuth: { address } } } } },
  });
  const tags = ["traefik.enable=true", "traefik.http.routers.shop.middlewares=jwt@file"];
  const shop = { service: "shop", port: 24_001, tags };
  const endpoint = { service: "login", port: 24_100 };
  const snippets = guards("http://192.168.11.11:24100/verify?strict=1");
  const before = legacyIn({ services: [shop], snippets });
  expect(before.says).toBe("1 static entry: 1 has not begun");
  expect(before.entries[0]).toMatchObject({ key: "http/middlewares/jwt", usedBy: ["shop"] });
  expect(printedRegistrations(before)).toEqual([
    { service: "jwt", id: "jwt", address: "192.168.11.11", port: 24_100, tags: [] },
  ]);

  const half = legacyIn({ services: [shop, endpoint], snippets });
  expect(half.says).toBe("1 static entry: 1 is half moved");
  const [address = ""] = half.entries[0]?.next.flatMap(({ lines }) => lines) ?? [];
  expect(address).toBe("catalog://login/verify?strict=1");

  const named = playWhole({ services: [shop, endpoint], snippets: guards(address) });
  expect(legacyOf(named).entries).toEqual([]);
  expect(named.decision.chart["http/middlewares"].get("jwt")).toEqual({
    forwardAuth: { address: "http://192.168.11.11:24100/verify?strict=1" },
  });
  expect(named.decision.diagnostics).toEqual([]);
});

test("of several services that are registered at an authentication endpoint's address none is proposed: all are named", () => {
  const address = "http://192.168.11.11:24100/verify";
  const snippets = { "guards.yml": { http: { middlewares: { jwt: { forwardAuth: { address } } } } } };
  const at = (service: string) => ({ service, address: "192.168.11.11", port: 24_100 });
  const shop = {
    service: "shop",
    port: 24_001,
    tags: ["traefik.enable=true", "traefik.http.routers.shop.middlewares=jwt@file"],
  };
  for (const services of [
    [shop, at("jwt"), at("aaa-evil")],
    [shop, at("aaa-evil"), at("jwt")],
  ]) {
    const [jwt] = legacyIn({ services, snippets }).entries;
    expect(jwt?.state).toBe("half");
    expect(jwt?.next).toEqual([
      {
        says: 'several services register this address: aaa-evil, jwt; see which of them is meant, and name it in guards.yml in place of http://192.168.11.11:24100/verify, as "catalog://SERVICE/PATH": the tenant that may register that name decides where it leads',
        lines: [],
      },
    ]);
  }
  const [alone] = legacyIn({ services: [shop, at("jwt")], snippets }).entries;
  expect(alone?.next.flatMap(({ lines }) => lines)).toEqual(["catalog://jwt/verify"]);
  expect(alone?.next[0]?.says).toContain("may register that name");
});

describe("what is in use, though no router of the chart leads to it now", () => {
  const address = "http://192.168.11.11:24100/verify";
  const http = {
    middlewares: { jwt: { forwardAuth: { address } } },
    services: { wake: { loadBalancer: { servers: [{ url: "http://192.168.11.11:24101" }] } } },
  };
  const snippets = { "guards.yml": { http } };
  const enabled = "traefik.enable=true";
  const used = (tags: readonly string[], more: Partial<CompactInstance> = {}) =>
    states(legacyIn({ services: [{ service: "shop", port: 24_001, tags: [enabled, ...tags], ...more }], snippets }));

  test.each<[string, readonly string[], Partial<CompactInstance>]>([
    ["a critical service", ["traefik.http.routers.shop.middlewares=jwt@file"], { checks: "critical" }],
    ["without a provider", ["traefik.http.routers.shop.middlewares=other, jwt"], { checks: "critical" }],
    ["in a list", ["traefik.http.routers.shop.middlewares[1]=jwt@file"], { checks: "critical" }],
    ["in a chain", ["traefik.http.middlewares.all.chain.middlewares=jwt@file"], { checks: "critical" }],
    ["a service at a port that may not be routed", ["traefik.http.routers.shop.middlewares=jwt@file"], { port: 80 }],
    ["one whose tags have a slip", ["traefik.http.routers.shop.middlewares=jwt@file", "traefik.http.x=1"], {}],
  ])("a middleware by %s", (_, tags, more) => {
    expect(used(tags, more)["jwt"]).not.toBe("done");
  });

  test("a service by a critical one", () => {
    const tag = "traefik.http.routers.shop.service=wake@file";
    expect(used([tag], { checks: "critical" })["wake"]).toBe("not-begun");
    expect(used([tag, "traefik.http.middlewares.e.errors.service=wake@file"], { checks: "critical" })["wake"]).toBe(
      "not-begun",
    );
  });

  test("neither what others name, nor what a service defines itself", () => {
    expect(used(["traefik.http.routers.shop.middlewares=jwt@docker,jwt2"], { checks: "critical" })).toEqual({
      ...{ jwt: "done", wake: "done" },
    });
    const own = [
      "traefik.http.routers.shop.service=wake",
      "traefik.http.services.wake.loadbalancer.server.scheme=http",
    ];
    expect(used(own, { checks: "critical" })["wake"]).toBe("done");
    expect(used(["traefik.enable=false", "traefik.http.routers.shop.middlewares=jwt"])["jwt"]).toBe("done");
  });

  test("in another chart, since all charts share the files", () => {
    const played = (prefix: string, service: object) => {
      const { decision, snapshots, settings, core, nowMs } = playWhole({
        settings: { traefik: { prefix } },
        services: [{ service: "shop", port: 24_001, ...service }],
        snippets,
      });
      return { decided: { decision, snapshots, settings: core, nowMs, output: "x.yml", catalogs: [] }, settings };
    };
    const tags = ["public.enable=true", "public.http.routers.shop.middlewares=jwt@file"];
    const main = played("traefik", { tags }).decided;
    expect(states(explainLegacy(main))["jwt"]).toBe("done");
    for (const state of ["passing", "critical"]) {
      const edge = played("public", { tags, checks: state }).decided;
      const answer = explainLegacy(main, [["public", edge]]);
      expect(answer.entries.find(({ name }) => name === "jwt")).toMatchObject({
        state: "not-begun",
        usedBy: [
          state === "passing" ? "shop in the chart public" : "service shop (without a router now) in the chart public",
        ],
      });
    }
  });
});

test("each object is named with the file that has it", () => {
  const answer = legacyIn({
    services: [
      {
        service: "nas",
        port: 24_001,
        tags: ["traefik.enable=true", "traefik.http.routers.nas.rule=Host(`nas.lab.local`)"],
      },
    ],
    snippets: {
      "routers.yml": { http: { routers: { nas: LEGACY.http.routers.nas } } },
      "services.yml": { http: { services: { nas: LEGACY.http.services.nas } } },
    },
  });
  expect(answer.entries[0]?.next[0]?.says).toContain(
    "delete http.routers.nas from routers.yml, and http.services.nas from services.yml;",
  );
});

test("what the settings or the policy name is in use, also while no router needs it", () => {
  const at = "http://192.168.30.9:9091/verify";
  const http = {
    middlewares: { sso: { forwardAuth: { address: at } }, jwt: { forwardAuth: { address: at } } },
    services: { wake: { loadBalancer: { servers: [{ url: at }] } } },
  };
  const answer = legacyIn({
    settings: {
      snippets: "snippets",
      traefik: { defaultMiddlewares: { "*": ["sso"] } },
      routes: { sleeping: "wake@file" },
    },
    policy: { rules: [{ middlewares: { require: ["jwt@file"] } }] },
    services: [],
    snippets: { "guards.yml": { http } },
  });
  expect(states(answer)).toEqual({ wake: "not-begun", sso: "not-begun", jwt: "not-begun" });
});

describe("what guards a router of the files is not lost by its deletion", () => {
  const guarded = (router: object) => ({
    "legacy.yml": {
      http: {
        routers: { nas: { rule: "Host(`nas.lab.local`)", service: "nas", ...router } },
        services: { nas: LEGACY.http.services.nas },
        middlewares: {
          jwt: { basicAuth: { users: ["me:x"] } },
          local: { ipAllowList: { sourceRange: ["192.168.0.0/16"] } },
          both: { chain: { middlewares: ["jwt", "local@file"] } },
        },
      },
      tls: { options: { mtls: { minVersion: "VersionTLS13" }, old: { minVersion: "VersionTLS12" } } },
    },
  });
  const asking = (service: string, ...fields: readonly string[]) => ({
    ...{ service, port: 24_001 },
    tags: [
      "traefik.enable=true",
      ...["rule=Host(`nas.lab.local`)", ...fields].map((field) => `traefik.http.routers.${service}.${field}`),
    ],
  });
  const settings = { allow: [{ service: "*", uses: ["jwt", "local", "both", "mtls", "old"] }] };

  test.each<[string, object, readonly string[], object, "done" | "half"]>([
    ["without its middlewares", { middlewares: ["jwt"] }, [], {}, "half"],
    ["with one of its two", { middlewares: ["jwt", "local"] }, ["middlewares=jwt@file"], {}, "half"],
    ["with others", { middlewares: ["jwt"] }, ["middlewares=local"], {}, "half"],
    ["with the same", { middlewares: ["jwt"] }, ["middlewares=jwt@file"], {}, "done"],
    ["with the same, spelt otherwise", { middlewares: ["jwt@file"] }, ["middlewares=jwt"], {}, "done"],
    ["with more", { middlewares: ["jwt"] }, ["middlewares=local@file,jwt@file"], {}, "done"],
    ["with a chain that has them", { middlewares: ["jwt", "local"] }, ["middlewares=both@file"], {}, "done"],
    ["with what a chain has", { middlewares: ["both"] }, ["middlewares=jwt@file,local@file"], {}, "done"],
    ["with a part of what a chain has", { middlewares: ["both"] }, ["middlewares=jwt@file"], {}, "half"],
    ["with the settings' default ones", { middlewares: ["jwt"] }, [], { defaultMiddlewares: { "*": ["jwt"] } }, "done"],
    ["with plain TLS", { tls: { options: "mtls@file" } }, ["tls=true"], {}, "half"],
    ["with other options", { tls: { options: "mtls" } }, ["tls.options=old@file"], {}, "half"],
    ["with the same options", { tls: { options: "mtls" } }, ["tls.options=mtls@file"], {}, "done"],
    ["with options of its own", { tls: {} }, ["tls.options=mtls@file"], {}, "half"],
  ])("a service that asks for its host %s", (_, router, fields, traefik, expected) => {
    const answer = legacyIn({
      settings: { ...settings, snippets: "snippets", traefik },
      services: [asking("evil", ...fields)],
      snippets: guarded(router),
    });
    const [nas] = answer.entries;
    expect(nas?.state).toBe(expected);
    const says = nas?.next.map((one) => one.says).join("\n") ?? "";
    if (expected === "half") expect(says).toMatch(/\(TAKES_LESS\)|\(GUARDED_LESS\)/);
    if (expected === "half") expect(says).not.toContain("delete http");
  });

  test("a second router of it without them is told, and the step's tag mends it", () => {
    const second = ["traefik.http.routers.open.rule=Host(`nas.lab.local`) && PathPrefix(`/a`)"];
    const both = asking("nas-job", "middlewares=jwt@file");
    const played = (more: readonly string[]) =>
      legacyIn({
        settings,
        services: [{ ...both, tags: [...both.tags, ...second, ...more] }],
        snippets: guarded({ middlewares: ["jwt"] }),
      }).entries[0];
    const half = played([]);
    expect(half?.state).toBe("half");
    const says = half?.next.map((one) => one.says).join("\n") ?? "";
    const tags = [...says.matchAll(/give the service the tag ("\S+")/g)].map(
      ([, tag = ""]) => JSON.parse(tag) as string,
    );
    expect(tags).toEqual(["traefik.http.routers.open.middlewares=jwt@file"]);
    expect(played(tags)?.state).toBe("done");
  });

  test("a service that is not registered at the address is told as such before the lines may go", () => {
    const answer = legacyIn({
      settings,
      services: [asking("evil", "middlewares=jwt")],
      snippets: guarded({ middlewares: ["jwt"] }),
    });
    expect(answer.entries[0]?.next.map(({ says }) => says)).toEqual([
      "service evil asks for the same and is healthy, and is not registered at http://192.168.30.6:5000: see first that it is the service that is meant, since a tenant that may register this name answers for these hosts then; delete http.routers.nas and http.services.nas from legacy.yml; it takes over in the pass that sees them gone, and no visitor gets an error in between",
    ]);
  });
});
