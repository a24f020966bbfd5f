import { describe, expect, test } from "vitest";
import type { ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import type { Diagnostic } from "../../../src/core/diagnostics/diagnostics.ts";
import type { ResourceKey } from "../../../src/core/traefik/chart/dynamic-config.ts";
import { diagnoseResult } from "../../../src/core/traefik-result/diagnose-result.ts";
import type { RunningTraefik } from "../../../src/core/traefik-result/running-traefik.ts";
import type { ChartTaking, TraefikFlaw } from "../../../src/core/traefik-result/traefik-result.ts";
import { instance, NOW_MS, pass, settings } from "../../builders/world.ts";
import { FAKE_TRAEFIK } from "../../fakes/fake-traefik.ts";

interface Situation {
  readonly instances?: readonly ServiceInstance[];
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly traefik?: Partial<RunningTraefik>;
  readonly taking?: ChartTaking;
  readonly flaws?: Readonly<Record<ResourceKey, TraefikFlaw>>;
}

function diagnose({
  instances = [instance()],
  taking = { kind: "taken" },
  ...given
}: Situation): readonly Diagnostic[] {
  const core = settings({ traefik: given.settings ?? {} });
  const { chart, memory } = pass(instances, { settings: core });
  const { owners, services, operatorNames } = memory.changes;
  return diagnoseResult({
    result: {
      traefik: { ...FAKE_TRAEFIK, ...given.traefik },
      readAtMs: NOW_MS,
      taking,
      flaws: new Map(Object.entries(given.flaws ?? {})) as ReadonlyMap<ResourceKey, TraefikFlaw>,
    },
    chart,
    ...{ owners, services, operatorNames },
    settings: core.traefik,
    output: "/srv/dynamic/portolan.yml",
  });
}

function tagged(...tags: readonly string[]): ServiceInstance {
  return instance({ tags: ["traefik.enable=true", ...tags.map((tag) => `traefik.http.routers.web.${tag}`)] });
}

const refused = (status: "disabled" | "warning", ...errors: readonly string[]) => ({
  "http/routers/web": { kind: "refused", status, errors } as const,
});

test("a Traefik that has the chart and is as the settings say gives nothing to say", () => {
  expect(diagnose({ settings: { version: "3.6", entryPoints: ["web", "websecure", "traefik"] } })).toEqual([]);
});

describe("what Traefik has disabled", () => {
  test("is told of the service that asked, in Traefik's words", () => {
    const [one, ...others] = diagnose({ flaws: refused("disabled", "unknown plugin type: waf", "and more") });
    expect(others).toEqual([]);
    expect(one).toMatchObject({
      code: "TRAEFIK_DISABLED",
      severity: "error",
      subject: { service: "web", instance: "web-1", node: "node-1" },
      message: 'router "web": Traefik has disabled it: unknown plugin type: waf; and more',
    });
    expect(one?.remedy).toContain("experimental.plugins");
  });

  test("or serves in part", () => {
    expect(diagnose({ flaws: refused("warning", "half") })).toMatchObject([{ code: "TRAEFIK_WARNING" }]);
  });

  test("is no trouble any more when the chart has it no longer", () => {
    expect(diagnose({ flaws: { "http/routers/gone": { kind: "missing" } } })).toEqual([]);
  });
});

test.each<[string, "disabled" | "warning", string]>([
  ["websecur", "disabled", "websecure"],
  ["web,websecur", "warning", "web,websecure"],
  ["zzz", "disabled", "web"],
])(
  "the entry points %j, of which Traefik does not have one, are corrected by a tag to copy",
  (named, status, right) => {
    const [one] = diagnose({
      instances: [tagged(`entrypoints=${named}`)],
      flaws: refused(status, 'entryPoint "x" doesn\'t exist'),
    });
    expect(one?.code).toBe("TRAEFIK_ENTRYPOINT_UNKNOWN");
    expect(one?.message).toContain("the running Traefik has traefik, web, websecure");
    const [tag = ""] = /traefik\.http\.routers\.web\.entrypoints=\S+(?=;)/.exec(one?.remedy ?? "") ?? [];
    expect(tag).toBe(`traefik.http.routers.web.entrypoints=${right}`);
  },
);

describe("a certificate resolver", () => {
  const withResolver = [tagged("tls.certresolver=lets")];

  test("that Traefik does not have is found without its word: its API shows the router as enabled", () => {
    const [one] = diagnose({ instances: withResolver });
    expect(one).toMatchObject({ code: "TRAEFIK_RESOLVER_UNKNOWN", subject: { service: "web" } });
    expect(one?.message).toContain('names the certificate resolver "lets", and the running Traefik has le');
    expect(one?.remedy).toContain("write the tag traefik.http.routers.web.tls.certresolver=le;");
    expect(diagnose({ instances: [tagged("tls.certresolver=le")] })).toEqual([]);
  });

  test("is not judged where the API does not show which there are", () => {
    expect(diagnose({ instances: withResolver, traefik: { configuration: undefined } })).toEqual([]);
  });
});

describe("a chart that Traefik has not taken", () => {
  const behind = { kind: "behind", sinceMs: 0 } as const;
  const nothing = { kind: "nothing", sinceMs: 0 } as const;
  const file = (directory: string | undefined, isWatched = true) => ({
    configuration: {
      certResolvers: [],
      throttleMs: 2_000,
      pollMs: undefined,
      file: { directory, filename: undefined, isWatched },
    },
  });

  test.each<[string, ChartTaking, Partial<RunningTraefik>, string, string]>([
    [
      "without a file provider",
      nothing,
      { providers: ["Docker"] },
      "it has no file provider, but Docker",
      'providers: { file: { directory: "/srv/dynamic", watch: true } }',
    ],
    [
      "with another directory",
      nothing,
      file("/etc/traefik"),
      "it reads /etc/traefik, and the chart is /srv/dynamic/portolan.yml",
      'directory: "/srv/dynamic"',
    ],
    ["that does not watch", behind, file("/srv/dynamic", false), "does not watch for changes", "watch: true"],
    [
      "for a reason of its own",
      behind,
      {},
      "it has not loaded the chart in the time that it takes",
      "Traefik's log for a file in /srv/dynamic",
    ],
  ])("by a Traefik %s has one diagnostic, with the likeliest cause", (_what, taking, traefik, cause, remedy) => {
    const found = diagnose({ taking, traefik, flaws: { "http/routers/web": { kind: "missing" } } });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ code: "TRAEFIK_NOT_TAKEN", subject: { origin: "/srv/dynamic/portolan.yml" } });
    expect(found[0]?.message).toContain(cause);
    expect(found[0]?.remedy).toContain(remedy);
  });

  test("of which only one thing is missing, or another one, blames that", () => {
    const flaws = {
      "http/routers/web": { kind: "missing" },
      "http/services/web": { kind: "different", field: "loadBalancer.servers" },
    } as const;
    expect(diagnose({ flaws }).map(({ code, subject }) => [code, subject.service])).toEqual([
      ["TRAEFIK_NOT_TAKEN", "web"],
      ["TRAEFIK_NOT_TAKEN", "web"],
    ]);
  });
});

describe("settings that say otherwise than the running Traefik", () => {
  test.each<[string, string, string | undefined, string]>([
    ["3.6.12", "3.6", undefined, ""],
    ["3.7.1", "3.7", undefined, ""],
    ["3.7.13", "3.6", "TRAEFIK_NEWER", 'set traefik: { version: "3.7" }'],
    ["3.9.0", "3.6", "TRAEFIK_NEWER", 'set traefik: { version: "3.7" }'],
    ["3.9.0", "3.7", undefined, ""],
    ["3.6.12", "3.7", "TRAEFIK_OLDER", 'set traefik: { version: "3.6" }'],
    ["2.11.0", "3.6", "TRAEFIK_OLDER", "upgrade Traefik to 3.6 or later"],
    ["dev", "3.7", undefined, ""],
  ])("Traefik %s and the version %s", (version, declared, code, remedy) => {
    const [found] = diagnose({ settings: { version: declared }, traefik: { version } });
    expect(found?.code).toBe(code);
    expect(found?.remedy ?? "").toContain(remedy);
  });

  test.each<[string, readonly string[], readonly string[]]>([
    ["lacks one", ["web"], ["it has websecure, which they do not declare"]],
    ["has one too many", ["web", "websecure", "old"], ["it has no old, which they declare"]],
    ["is right, and need not name Traefik's own", ["web", "websecure"], []],
    ["is not there", [], []],
  ])("a declaration of entry points that %s; the remedy is one that is right", (_what, entryPoints, says) => {
    const found = diagnose({ settings: { entryPoints } });
    expect(found.map(({ code }) => code)).toEqual(says.map(() => "TRAEFIK_ENTRYPOINTS"));
    for (const [at, text] of says.entries()) expect(found[at]?.message).toContain(text);
    const remedy = found[0]?.remedy;
    if (remedy === undefined) return;
    const [, right = ""] = /entryPoints: (\[.*\])/.exec(remedy) ?? [];
    expect(diagnose({ settings: { entryPoints: JSON.parse(right) } })).toEqual([]);
  });

  test("default entry points are compared with those that Traefik marks", () => {
    const [found] = diagnose({ settings: { defaultEntryPoints: ["web"] } });
    expect(found?.message).toContain("marks none as such, so that all are");
    const entryPoints = FAKE_TRAEFIK.entryPoints.map((one) => ({ ...one, isDefault: one.name === "web" }));
    expect(diagnose({ settings: { defaultEntryPoints: ["web"] }, traefik: { entryPoints } })).toEqual([]);
  });
});
