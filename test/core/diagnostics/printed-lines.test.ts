import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { coreSettings } from "../../../src/config/resolve/core-settings.ts";
import type { ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import type { Decision } from "../../../src/core/decision.ts";
import type { DiagnosticCode } from "../../../src/core/diagnostics/diagnostics.ts";
import type { CoreSettings } from "../../../src/core/settings.ts";
import { ROUTER_SECTIONS } from "../../../src/core/traefik/chart/dynamic-config.ts";
import { anyCatalog } from "../../builders/arbitrary.ts";
import { ledger } from "../../builders/ledger.ts";
import { policyOf } from "../../builders/printed-policy.ts";
import { linesOf, type OperatorFiles, withPrinted } from "../../builders/printed-remedies.ts";
import { publicCatalog } from "../../builders/public-services.ts";
import { allSettings, instance, pass, settings } from "../../builders/world.ts";

/* Whoever copies the line that a diagnostic prints, as it stands there, has settled it: the route comes. */

interface Shown {
  readonly instances: readonly ServiceInstance[];
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The rules of the policy; none where it is left out. */
  readonly rules?: readonly unknown[];
  /** What the line is to bring: a router's key. */
  readonly brings: string;
}

function asks(service: string, ...tags: readonly string[]): ServiceInstance {
  const own = tags.map((tag) => `traefik.${tag}`);
  return instance({ service, id: service, tags: ["traefik.enable=true", ...own], createIndex: service.length });
}

const SSO = "http.middlewares.sso.forwardauth.address=https://auth.example.org/verify";

/** A catalog for each code whose remedy is a line, and for each file that the line may belong to. */
const LINES: readonly (readonly [DiagnosticCode, string, Shown])[] = [
  ["PORT_OUTSIDE_WINDOW", "a backend", { instances: [instance({ port: 80 })], brings: "http/routers/web" }],
  [
    "PORT_OUTSIDE_WINDOW",
    "a backend by UDP",
    { instances: [{ ...asks("dns", "udp.routers.dns.entrypoints=dns"), port: 53 }], brings: "udp/routers/dns" },
  ],
  [
    "PORT_OUTSIDE_WINDOW",
    "a service of a namespace, elsewhere",
    {
      instances: [
        { ...asks("web", "http.services.web.loadbalancer.server.url=http://10.0.0.9:81"), namespace: "team" },
      ],
      brings: "http/routers/web",
    },
  ],
  [
    "PORT_OUTSIDE_WINDOW",
    "a forwardAuth",
    { instances: [asks("web", SSO, "http.routers.web.middlewares=sso")], brings: "http/routers/web" },
  ],
  [
    "REFERENCE_REFUSED",
    "the user of a forwardAuth",
    { instances: [asks("sso", SSO), asks("user", "http.routers.user.middlewares=sso")], brings: "http/routers/user" },
  ],
  [
    "BACKEND_REFUSED",
    "a forwardAuth outside the networks",
    {
      instances: [
        asks("web", "http.middlewares.a.forwardauth.address=http://10.1.1.1:24005/", "http.routers.web.middlewares=a"),
      ],
      rules: [{ backends: ["192.168.11.0/24"] }],
      brings: "http/routers/web",
    },
  ],
  [
    "BACKEND_REFUSED",
    "a link-local backend without a policy",
    { instances: [instance({ address: "169.254.10.9" })], brings: "http/routers/web" },
  ],
  [
    "BACKEND_REFUSED",
    "a link-local backend, written within IPv6, of a service in a namespace that has limits of its own",
    {
      instances: [{ ...asks("web"), address: "::ffff:169.254.10.9", namespace: "team" }],
      rules: [{ maxPriority: 900, authEndpoints: ["https://auth.example.org", "http://[fd00::1]:9091"] }],
      brings: "http/routers/web",
    },
  ],
  [
    "BACKEND_REFUSED",
    "a backend outside the addresses of its rule",
    {
      instances: [
        asks("web", "http.routers.new.rule=Host(`new`)"),
        { ...asks("web", "http.routers.old.rule=Host(`old`)"), id: "web-2", node: "node-2", address: "10.1.1.1" },
      ],
      rules: [{ backends: ["10.1.0.0/16"] }],
      brings: "http/routers/new",
    },
  ],
  [
    "BACKEND_REFUSED",
    "a backend where a rule allows none",
    { instances: [asks("web")], rules: [{ backends: [] }], brings: "http/routers/web" },
  ],
  [
    "BACKEND_REFUSED",
    "two refused backends of one instance",
    {
      instances: [
        asks(
          "web",
          "http.services.web.loadbalancer.server.url=http://127.0.0.1:24001",
          "tcp.routers.db.rule=HostSNI(`*`)",
          "tcp.routers.db.entrypoints=db",
        ),
      ].map((one) => ({ ...one, address: "10.1.1.1" })),
      rules: [{ backends: ["192.168.11.0/24"] }],
      brings: "tcp/routers/db",
    },
  ],
  [
    "HOST_TAKEN",
    "where the rule that counts has authentication endpoints",
    {
      instances: [
        asks("a", "http.routers.a.rule=Host(`x`)"),
        asks("bb", "http.routers.bb.rule=Host(`x`) && Path(`/b`)"),
      ],
      rules: [{ authEndpoints: ["https://auth.example.org", "http://[fd00::1]:9091"] }],
      brings: "http/routers/bb",
    },
  ],
  [
    "HOST_TAKEN",
    "without a policy",
    {
      instances: [
        asks("a", "http.routers.a.rule=Host(`x`)"),
        asks("bb", "http.routers.bb.rule=Host(`x`) && Path(`/b`)"),
      ],
      brings: "http/routers/bb",
    },
  ],
  [
    "HOST_TAKEN",
    "with a policy",
    {
      instances: [
        asks("a", "http.routers.a.rule=Host(`x`)"),
        asks("bb", "http.routers.bb.rule=Host(`x`) && Path(`/b`)"),
      ],
      rules: [{ maxPriority: 900 }],
      brings: "http/routers/bb",
    },
  ],
  [
    "SHADOWS_OWNED_HOST",
    "a call-back path",
    {
      instances: [
        asks("a", "http.routers.a.rule=Host(`x`)"),
        asks("sso", "http.routers.sso.rule=PathPrefix(`/oauth2`)", "http.routers.sso.priority=999"),
      ],
      brings: "http/routers/sso",
    },
  ],
  [
    "SHADOWS_OWNED_HOST",
    "a database beside an older HTTP router that names no entry point",
    {
      instances: [asks("a"), asks("db", "tcp.routers.db.rule=HostSNI(`*`)", "tcp.routers.db.entrypoints=postgres")],
      brings: "tcp/routers/db",
    },
  ],
  [
    "HOST_TLS_TAKEN",
    "a host that a rule only names",
    {
      instances: [
        asks("a", "http.routers.a.rule=Host(`x`)", "http.routers.a.tls=true"),
        asks("bb", "http.routers.bb.rule=Host(`y`) && !Host(`x`)", "http.routers.bb.tls=true"),
      ],
      brings: "http/routers/bb",
    },
  ],
  [
    "POLICY_REFUSED",
    "a service that no rule is about",
    { instances: [asks("web")], rules: [{ service: "other" }], brings: "http/routers/web" },
  ],
  [
    "USE_REFUSED",
    "another one's service",
    { instances: [asks("a"), asks("bb", "http.routers.bb.service=a")], brings: "http/routers/bb" },
  ],
  [
    "ENTRYPOINT_MISSING",
    "an entry point that is not declared",
    {
      instances: [asks("web", "http.routers.web.entrypoints=inner")],
      settings: { traefik: { entryPoints: ["websecure"] } },
      brings: "http/routers/web",
    },
  ],
  [
    "TAG_UNKNOWN_KEY",
    "a field of a later Traefik",
    { instances: [asks("web", "http.middlewares.again.retry.timeout=5s")], brings: "http/routers/web" },
  ],
];

function routersOf({ chart }: Decision): readonly string[] {
  return ROUTER_SECTIONS.flatMap((section) => [...chart[section].keys()].map((name) => `${section}/${name}`));
}

function withLedger(ports: readonly unknown[]): CoreSettings {
  return coreSettings({ ...allSettings(), loadedLedger: ledger({ ports }) });
}

function decide({ instances }: Shown, files: OperatorFiles, hasPolicy: boolean): Decision {
  const core: CoreSettings = settings(files.settings);
  return pass(instances, { settings: hasPolicy ? { ...core, policy: policyOf(files.policy) } : core });
}

describe("the line that a diagnostic prints, copied as it stands, brings the route", () => {
  test.each(LINES)("%s: %s", (code, _, shown) => {
    const files: OperatorFiles = { settings: shown.settings ?? {}, policy: { rules: shown.rules ?? [] } };
    const before = decide(shown, files, shown.rules !== undefined);
    const found = before.diagnostics.filter((one) => one.code === code && linesOf(one.remedy).length > 0);
    expect(before.diagnostics.map((one) => one.code)).toContain(code);
    expect(found.length, before.diagnostics.map(({ remedy }) => remedy).join("\n")).toBeGreaterThan(0);
    expect(routersOf(before)).not.toContain(shown.brings);
    const after = withPrinted(
      files,
      found.map(({ remedy }) => remedy),
    );
    expect(routersOf(decide(shown, after, after.policy.rules.length > 0))).toContain(shown.brings);
  });

  test("HEALTH_CHECK_REFUSED: the check is there", () => {
    const web = asks("web", "http.services.web.loadbalancer.healthcheck.method=POST");
    const before = pass([web]);
    const { settings: content } = withPrinted(
      { settings: {}, policy: { rules: [] } },
      before.diagnostics.map(({ remedy }) => remedy),
    );
    expect(before.text).not.toContain("POST");
    expect(pass([web], { settings: settings(content) }).text).toContain("POST");
  });

  test.each(["http", "tcp"])("PORT_OUTSIDE_WINDOW: the tag that names a port of %s, removed", (protocol) => {
    const router = protocol === "http" ? [] : ["tcp.routers.web.rule=HostSNI(`*`)", "tcp.routers.web.entrypoints=x"];
    const web = asks("web", ...router, `${protocol}.services.web.loadbalancer.server.port=80`);
    const [found] = pass([web]).diagnostics;
    const [, tag = "none"] =
      /^remove the tag (\S+) if the registered port is meant, else /.exec(found?.remedy ?? "") ?? [];
    const without = { ...web, tags: web.tags.filter((one) => !one.startsWith(`${tag}=`)) };
    expect(without.tags.length).toBe(web.tags.length - 1);
    expect(routersOf(pass([without]))).toEqual([`${protocol}/routers/web`]);
  });

  test("BACKEND_REFUSED: an address that several services of an instance have is printed once", () => {
    const web = asks(
      "web",
      "tcp.routers.db.rule=HostSNI(`*`)",
      "tcp.routers.db.entrypoints=db",
      "udp.routers.dns.entrypoints=dns",
    );
    const { diagnostics } = pass([{ ...web, address: "169.254.10.9" }]);
    expect(diagnostics.map(({ code }) => code)).toContain("BACKEND_REFUSED");
    for (const { remedy } of diagnostics) expect(remedy.split('"169.254.10.9"').length).toBeLessThanOrEqual(2);
  });

  test("REFERENCE_REFUSED: the line for the middleware, though its service has another one for its own port", () => {
    const sso = { ...asks("sso", SSO), port: 9091 };
    const user = asks("user", "http.routers.user.middlewares=sso");
    const told = pass([sso, user]).diagnostics.filter(({ subject }) => subject.service === "user");
    const { settings: content } = withPrinted(
      { settings: {}, policy: { rules: [] } },
      told.map(({ remedy }) => remedy),
    );
    expect(routersOf(pass([sso, user], { settings: settings(content) }))).toEqual(["http/routers/user"]);
  });

  test("PORT_OUTSIDE_WINDOW: in the ledger, where there is one", () => {
    const web = instance({ port: 80 });
    const [found] = pass([web], { settings: withLedger([]) }).diagnostics;
    const [, line = ""] = / in ledger\.yml: (?=ports: )(.*)$/s.exec(found?.remedy ?? "") ?? [];
    const declared = parse(line) as { readonly ports: readonly unknown[] };
    expect(routersOf(pass([web], { settings: withLedger(declared.ports) }))).toEqual(["http/routers/web"]);
  });
});

test.each([
  [
    "a host",
    [asks("a", "http.routers.a.rule=Host(`x`)"), asks("b*", "http.routers.b.rule=Host(`x`) && Path(`/b`)")],
    undefined,
  ],
  ["a backend", [{ ...asks("w*"), address: "169.254.10.9" }], undefined],
  ["anything", [asks("w*")], [{ service: "other" }]],
])(
  "a service whose name would be a pattern gets no line for %s: it would open more than was refused",
  (_, instances, rules) => {
    const shown: Shown = { instances, brings: "" };
    const { diagnostics } = decide(shown, { settings: {}, policy: { rules: rules ?? [] } }, rules !== undefined);
    expect(diagnostics.length).toBeGreaterThan(0);
    expect(diagnostics.flatMap(({ remedy }) => linesOf(remedy))).toEqual([]);
  },
);

test("each code whose remedy prints a line has its proof above", () => {
  const proved = new Set<DiagnosticCode>([...LINES.map(([code]) => code), "HEALTH_CHECK_REFUSED"]);
  const catalogs = fc.oneof(publicCatalog("consul"), publicCatalog("nomad"), anyCatalog);
  fc.assert(
    fc.property(catalogs, (instances) => {
      for (const { code, remedy } of pass(instances).diagnostics) {
        if (linesOf(remedy).length > 0) expect(proved, `${code}: ${remedy}`).toContain(code);
      }
    }),
    { numRuns: 60 },
  );
});
