import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { ServiceInstance } from "../../src/core/catalog/snapshot.ts";
import type { CoreSettings } from "../../src/core/settings.ts";
import { policyOf } from "../builders/printed-policy.ts";
import { instance, pass, settings } from "../builders/world.ts";
import type { ProviderOptions } from "../support/oracle.ts";
import { drawChart } from "./judge/chart.ts";
import { explainDifferences } from "./judge/chart-differences.ts";
import { DEFAULT_DEVIATIONS } from "./judge/default-deviations.ts";
import { DEVIATIONS } from "./judge/deviations.ts";
import { GAPS } from "./judge/gaps.ts";

const root = join(import.meta.dirname, "../..");
const page = readFileSync(join(root, "docs/compatibility.md"), "utf8");

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
    ...tagged("http.routers.b.rule=Host(`a`) && Path(`/b`)"),
  }),
  "strangers-servers": {
    ...example(tagged("http.routers.web.rule=Host(`a`)", "http.services.web.loadbalancer.passhostheader=true"), {
      service: "other",
      ...tagged("http.routers.web.rule=Host(`a`)", "http.services.web.loadbalancer.passhostheader=true"),
    }),
    also: ["first-owner"],
  },
  borrowing: {
    ...example({}, { service: "other", ...tagged("http.routers.other.service=web") }),
    also: ["unused"],
  },
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
  "registration-size": example({ tags: ["traefik.enable=true", ...Array.from({ length: 1_000 }, (_, i) => `t${i}`)] }),
  "at-in-name": example(tagged("http.routers.a@b.rule=Host(`a`)")),
  "unusable-backend": example(tagged("http.services.web.loadbalancer.server.port=http")),
  "refused-in-part": example(tagged("http.middlewares.m.compress=true", "http.services.s.mirroring.mirrorBody=true"), {
    service: "user",
    ...tagged("http.routers.user.middlewares=m"),
  }),
  "bracketed-address": example({ address: "[fd00::1]" }),
  unsound: example(tagged("http.routers.web.rule=Host(`a`")),
  budgets: {
    ...example(
      tagged(
        "http.routers.web.rule=Host(`a`)",
        "http.routers.web.middlewares=again",
        "http.middlewares.again.retry.attempts=1000000",
      ),
    ),
    also: ["dangling"],
  },
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

  /** The lines of the page that open what is refused, by the file that they belong to. */
  const LINES: Readonly<Record<string, { readonly settings?: string; readonly policy?: string }>> = {
    "port-window": { settings: 'ports: { exceptions: [{ service: web, ports: "80", purpose: the site }] }' },
    "host-claims": { policy: 'rules: [{ hosts: ["*"], paths: [/] }]' },
    "health-check": { settings: "allow: [{ service: web, healthCheckMethods: [POST] }]" },
    borrowing: { settings: "allow: [{ service: other, uses: [web] }]" },
    metadata: { policy: "rules: [{ service: web, backends: [169.254.169.254] }, {}]" },
  };

  test.each(Object.entries(LINES))("%s: the line of the page turns it off", (id, { settings: line, policy }) => {
    const { instances } = EXAMPLES[id] ?? example();
    const opened = {
      ...settings(line === undefined ? {} : (parse(line) as Readonly<Record<string, unknown>>)),
      ...(policy === undefined ? {} : { policy: policyOf(parse(policy)) }),
    };
    const routersBy = (core: CoreSettings) => [...pass(instances, { settings: core }).chart["http/routers"].keys()];
    const checksBy = (core: CoreSettings) =>
      [...pass(instances, { settings: core }).chart["http/services"].values()].filter((one) =>
        JSON.stringify(one).includes("POST"),
      ).length;
    const compat = settings({ compat: "traefik" });
    expect([routersBy(opened).sort(), checksBy(opened)]).toEqual([routersBy(compat).sort(), checksBy(compat)]);
    expect([routersBy(settings()).sort(), checksBy(settings())]).not.toEqual([
      routersBy(compat).sort(),
      checksBy(compat),
    ]);
    expect(page).toContain(`\`${line ?? policy}\``);
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
  test("has a list for each kind, and a harm and a way for each line of what is refused", () => {
    const lists = page.split(/^###? /m).flatMap((part) => {
      const ids = [...part.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, id = ""]) => id);
      return ids.length === 0 ? [] : [ids];
    });
    const kinds = Object.values(Object.groupBy(DEFAULT_DEVIATIONS, ({ kind }) => kind)).map((list = []) =>
      list.map(({ id }) => id),
    );
    expect(lists.slice(1, -1)).toEqual(kinds);
    const refused = DEFAULT_DEVIATIONS.filter(({ kind }) => kind === "refused").map(({ id }) => id);
    const rows = [...page.matchAll(/^\| `([a-z-]+)` \|(.*)\|$/gm)].filter(([, id = ""]) => refused.includes(id));
    expect(rows).toHaveLength(refused.length);
    for (const [, id, cells = ""] of rows) {
      const [what = "", harm = "", line = "", shown = ""] = cells.split(" | ").map((cell) => cell.trim());
      expect(
        [what, harm, line, shown].every((cell) => cell.length > 3),
        id,
      ).toBe(true);
      expect(line, id).not.toMatch(/^none$/);
    }
  });

  test("prints lines that can be copied into settings or a policy", () => {
    const lines = [...page.matchAll(/`([a-z][A-Za-z]*: [[{][^`]*)`/g)].map(([, line = ""]) => line);
    expect(lines.length).toBeGreaterThan(8);
    for (const line of lines) {
      const content = parse(line) as Readonly<Record<string, unknown>>;
      if ("rules" in content) policyOf(content);
      else settings(content);
    }
  });

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
