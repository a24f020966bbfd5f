import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ServiceInstance } from "../../src/core/catalog/snapshot.ts";
import { instance } from "../builders/world.ts";
import type { ProviderOptions } from "../support/oracle.ts";
import { drawChart } from "./judge/chart.ts";
import { explainDifferences } from "./judge/chart-differences.ts";
import { DEFAULT_DEVIATIONS } from "./judge/default-deviations.ts";
import { DEVIATIONS } from "./judge/deviations.ts";
import { GAPS } from "./judge/gaps.ts";

interface Example {
  readonly instances: readonly ServiceInstance[];
  readonly options?: ProviderOptions;
  /** Deviations that cannot be parted from it: what is left out costs its users, too. */
  readonly also?: readonly string[];
}

function tagged(...tags: readonly string[]): Partial<ServiceInstance> {
  return { tags: ["traefik.enable=true", ...tags.map((tag) => `traefik.${tag}`)] };
}

function example(...overrides: readonly Partial<ServiceInstance>[]): Example {
  const instances = overrides.map((each, index) =>
    instance({ nodeId: "one", id: `web-${index}`, port: 24_001 + index, createIndex: index + 1, checks: [], ...each }),
  );
  return { instances };
}

/** The smallest catalog that shows each deviation, and nothing but it. */
const EXAMPLES: Readonly<Record<string, Example>> = {
  "port-window": example({ port: 80 }),
  "health-check": example(
    tagged(
      "http.services.web.loadbalancer.healthcheck.path=/",
      "http.services.post.loadbalancer.healthcheck.method=POST",
      "http.routers.web.service=web",
      "http.routers.post.rule=Host(`post`)",
      "http.routers.post.service=post",
    ),
  ),
  "first-owner": example(tagged("http.routers.web.rule=Host(`a`)"), {
    service: "other",
    ...tagged("http.routers.web.rule=Host(`b`)"),
  }),
  "host-claims": example(tagged("http.routers.a.rule=Host(`a`)"), {
    service: "other",
    ...tagged("http.routers.b.rule=Host(`a`)"),
  }),
  "strangers-servers": {
    ...example(tagged("http.routers.web.rule=Host(`a`)", "http.services.web.loadbalancer.passhostheader=true"), {
      service: "other",
      ...tagged("http.routers.web.rule=Host(`a`)", "http.services.web.loadbalancer.passhostheader=true"),
    }),
    also: ["first-owner"],
  },
  borrowing: example({}, { service: "other", ...tagged("http.routers.other.service=web") }),
  "operator-only": example(
    tagged(
      "http.routers.web.rule=Host(`a`)",
      "http.routers.web.service=api@internal",
      "http.routers.own.rule=Host(`b`)",
      "http.routers.own.service=web",
    ),
  ),
  metadata: example({ address: "169.254.169.254" }),
  "newest-wins": example(tagged("http.routers.web.rule=Host(`a`)"), tagged("http.routers.web.rule=Host(`b`)")),
  unused: example(tagged("http.middlewares.m.compress.minresponsebodybytes=1", "http.routers.web.rule=Host(`a`)")),
  canary: example(
    tagged("http.routers.web.rule=Host(`a`)"),
    tagged("http.routers.web.rule=Host(`a`)", "consulcatalog.canary=true"),
  ),
  "default-rule-spelled-out": example({}, tagged("http.routers.web.rule=Host(`web`)")),
  "own-exposure": {
    ...example({ tags: [] }, { tags: ["traefik.enable=false"] }),
    options: { exposedByDefault: true },
  },
  "enable-spelling": example({ tags: ["traefik.enable=1"] }),
  "own-tags": example({ tags: ["traefik.enable=true", "portolan.weight=3"] }),
  "at-in-name": example(tagged("http.routers.a@b.rule=Host(`a`)")),
  "unusable-backend": example(tagged("http.services.web.loadbalancer.server.port=http")),
  "refused-in-part": example(tagged("http.middlewares.m.compress=true", "http.services.s.mirroring.mirrorBody=true"), {
    service: "user",
    ...tagged("http.routers.user.middlewares=m"),
  }),
  "bracketed-address": example({ address: "[fd00::1]" }),
  unsound: example(tagged("http.routers.web.rule=Host(`a`")),
  dangling: example(tagged("http.routers.web.middlewares=nobody")),
  "shared-status": example(
    { node: "a", nodeId: "", id: "web" },
    { node: "b", nodeId: "", id: "web", checks: [{ id: "c", name: "c", status: "critical" }] },
  ),
  "item-key-collision": example({ id: "web.1" }, { id: "web-1" }),
  "same-server-twice": example(
    { port: 24_001, ...tagged("http.services.web.loadbalancer.server.weight=1") },
    { port: 24_001, ...tagged("http.services.web.loadbalancer.server.weight=2") },
  ),
};

function explain({ instances, options = {} }: Example) {
  const compat = drawChart(instances, options, { compat: "traefik" });
  const byDefault = drawChart(instances, options, { compat: "none" });
  if (compat.kind !== "drawn" || byDefault.kind !== "drawn") throw new Error(JSON.stringify([compat, byDefault]));
  return explainDifferences(instances, compat, byDefault);
}

describe("the default mode's deviations", () => {
  test.each(DEFAULT_DEVIATIONS.map(({ id, sentence }) => [id, sentence] as const))("%s: %s", (id) => {
    const shown = EXAMPLES[id];
    if (shown === undefined) throw new Error("it has no example");
    expect(explain(shown)).toEqual({ ids: [id, ...(shown.also ?? [])], unexplained: [] });
  });

  test("none where nothing is special", () => {
    expect(explain(example({}))).toEqual({ ids: [], unexplained: [] });
  });

  test("a difference that no deviation explains is reported, so that the comparison can fail", () => {
    const [first, second] = [example({}), example({ port: 24_002 })].map(({ instances }) => {
      const chart = drawChart(instances, {}, { compat: "none" });
      if (chart.kind !== "drawn") throw new Error("no chart");
      return chart;
    });
    if (first === undefined || second === undefined) throw new Error("no charts");
    const { ids, unexplained } = explainDifferences(example({}).instances, first, second);
    expect(ids).toEqual([]);
    expect(unexplained).toEqual([expect.stringContaining("no deviation explains http/services/web: ")]);
  });
});

describe("docs/compatibility.md", () => {
  const root = join(import.meta.dirname, "../..");
  const page = readFileSync(join(root, "docs/compatibility.md"), "utf8");

  test("has a line for each deviation and each gap, and for no other", () => {
    const listed = [...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, id]) => id);
    expect(listed).toEqual([...DEVIATIONS, ...DEFAULT_DEVIATIONS, ...GAPS].map(({ id }) => id));
  });

  test("names tests that exist", () => {
    const cases = [...page.matchAll(/`(\d{3}-[a-z.-]+)`/g)].map(([, name]) => `test/golden/cases/${name}.case.yml`);
    const files = [...page.matchAll(/`(test\/[a-z/.-]+\.test\.ts)`/g)].map(([, name = ""]) => name);
    expect(cases.length).toBeGreaterThan(10);
    expect([...cases, ...files].filter((name) => !existsSync(join(root, name)))).toEqual([]);
  });
});
