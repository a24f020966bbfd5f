import fc from "fast-check";
import { expect, test } from "vitest";
import { touchedRouters } from "../../src/core/changes/touched-routers.ts";
import { successorIn, unaskedRouters } from "../../src/core/removals/removal.ts";
import { isServedDifferently } from "../../src/core/render/served-difference.ts";
import { type Unused, unusedIn, withoutUnused } from "../../src/core/render/without-unused.ts";
import { namesNeededForCanaries, splitCanaries } from "../../src/core/traefik/chart/canary-split.ts";
import { patchConfig } from "../../src/core/traefik/chart/config-patch.ts";
import { dropDangling } from "../../src/core/traefik/chart/dangling-references.ts";
import {
  type ConfigObject,
  type DynamicConfig,
  newConfig,
  type ResourceKey,
  resourceKey,
  routersOf,
  SECTIONS,
  type Section,
  sectionsMade,
} from "../../src/core/traefik/chart/dynamic-config.ts";
import { type RenderedChart, renderAgain, renderChart } from "../../src/core/traefik/chart/render.ts";
import { usersIn } from "../../src/core/traefik/chart/users.ts";
import { affectedKeys } from "../../src/core/unfolding/affected.ts";

/*
 * What is made of a configuration is corrected by what has changed since an earlier one. It must come to what is made of a
 * copy, of which nothing is noted.
 */

const NAMES = ["a", "b", "c", "d"];
const name = fc.constantFrom(...NAMES);
/** A name as an object may refer to it: in this file, by way of its provider, or elsewhere. */
const reference = fc.tuple(name, fc.constantFrom("", "", "", "@file", "@docker")).map(([one, at]) => one + at);

const server = fc.record({ url: name.map((one) => `http://${one}:24001`) });
const canary = fc.record({ url: name.map((one) => `http://${one}:24002`), canary: fc.constantFrom(5, 50) });

const objects: Partial<Record<Section, fc.Arbitrary<ConfigObject>>> = {
  "http/routers": fc.record(
    {
      rule: name.map((host) => `Host(\`${host}\`)`),
      service: reference,
      middlewares: fc.array(reference, { maxLength: 2 }),
    },
    { requiredKeys: ["rule", "service"] },
  ),
  "http/services": fc.oneof(
    fc.array(fc.oneof(server, canary), { maxLength: 3 }).map((servers) => ({ loadBalancer: { servers } })),
    fc.array(reference, { maxLength: 2 }).map((to) => ({ weighted: { services: to.map((one) => ({ name: one })) } })),
    fc.tuple(reference, reference).map(([service, fallback]) => ({ failover: { service, fallback } })),
  ),
  "http/middlewares": fc.oneof(
    fc.array(reference, { maxLength: 2 }).map((middlewares) => ({ chain: { middlewares } })),
    reference.map((service) => ({ errors: { status: ["500"], service, query: "/" } })),
    name.map((one) => ({ stripPrefix: { prefixes: [`/${one}`] } })),
  ),
  "tcp/routers": reference.map((service) => ({ rule: "HostSNI(`*`)", service })),
  "tcp/services": name.map((one) => ({ loadBalancer: { servers: [{ address: `${one}:24003` }] } })),
};

type Edit = readonly [Section, string, ConfigObject | undefined];

const edit: fc.Arbitrary<Edit> = fc
  .constantFrom(...(Object.keys(objects) as Section[]))
  .chain((section) =>
    fc.tuple(fc.constant(section), name, fc.option(objects[section] ?? fc.constant({}), { nil: undefined })),
  );

/** Each configuration is made of one of those before it. */
const history = fc.array(fc.tuple(fc.nat(3), fc.array(edit, { maxLength: 4 })), { minLength: 1, maxLength: 25 });

const keys = SECTIONS.flatMap((section) => NAMES.map((one) => resourceKey(section, one)));

/** The same, of which nothing is noted. */
function forgotten(config: DynamicConfig): DynamicConfig {
  return sectionsMade((section) => new Map(config[section]));
}

function* played(
  steps: readonly (readonly [number, readonly Edit[]])[],
): Generator<readonly [DynamicConfig, DynamicConfig]> {
  const configs: DynamicConfig[] = [newConfig()];
  for (const [back, edits] of steps) {
    const patch = patchConfig(configs.at(-1 - back) ?? newConfig());
    for (const [section, one, object] of edits) {
      if (object === undefined) patch.drop(section, one);
      else patch.put(section, one, object);
    }
    const before = configs.at(-1) ?? newConfig();
    const config = patch.result();
    configs.push(config);
    yield [before, config];
  }
}

/** By names, whatever the order. */
function plain(config: DynamicConfig): unknown {
  return sectionsMade((section) => Object.fromEntries(config[section]));
}

function sorted(some: Iterable<ResourceKey>): readonly ResourceKey[] {
  return [...some].toSorted();
}

function each(look: (before: DynamicConfig, config: DynamicConfig) => void): void {
  fc.assert(
    fc.property(history, (steps) => {
      for (const [before, config] of played(steps)) look(before, config);
    }),
  );
}

test("who refers to what", () => {
  each((_, config) => {
    const [users, all] = [usersIn(config), usersIn(forgotten(config))];
    for (const key of keys) expect(sorted(users(key))).toEqual(sorted(all(key)));
  });
});

test("what no router leads to, with names of the operator and without, which change", () => {
  const origins = fc
    .array(fc.constantFrom(...keys), { maxLength: 3 })
    .map((some) => new Map(some.map((key) => [key, "a.yml"])));
  fc.assert(
    fc.property(history, origins, fc.nat(20), (steps, operators, since) => {
      let known: Unused | undefined;
      let chart: DynamicConfig | undefined;
      const none = new Map<ResourceKey, string>();
      for (const [position, [, config]] of [...played(steps)].entries()) {
        const names = position < since ? none : operators;
        known = unusedIn(config, names, known);
        const afresh = unusedIn(forgotten(config), names, undefined);
        expect(sorted(known.keys)).toEqual(sorted(afresh.keys));
        chart = withoutUnused(known, chart);
        expect(plain(chart)).toEqual(plain(withoutUnused(afresh, undefined)));
      }
    }),
  );
});

test("what dangles, where nothing did before", () => {
  each((before, config) => {
    const left = (one: DynamicConfig, sound?: DynamicConfig) => {
      const reported: string[] = [];
      const kept = dropDangling(
        one,
        (section, dangling, missing) => {
          reported.push(`${section} ${dangling} ${missing.name}`);
          return undefined;
        },
        sound,
      ).config;
      return { kept: plain(kept), reported };
    };
    const sound = dropDangling(before, () => undefined).config;
    expect(left(config, sound)).toEqual(left(forgotten(config)));
  });
});

test("which routers are touched, which went, and what took their place", () => {
  each((before, config) => {
    const [old, now] = [forgotten(before), forgotten(config)];
    expect(sorted(touchedRouters(before, config))).toEqual(sorted(touchedRouters(old, now)));
    expect([...unaskedRouters(config, before)]).toEqual([...unaskedRouters(now, old)]);
    for (const { section, router } of routersOf(before)) {
      expect(successorIn(config, section, router)).toBe(successorIn(now, section, router));
    }
  });
});

test("what may unfold otherwise", () => {
  each((before, config) => {
    expect(sorted(affectedKeys(before, config))).toEqual(sorted(affectedKeys(forgotten(before), forgotten(config))));
  });
});

test("whether it is served differently", () => {
  each((before, config) => {
    const served = (published: DynamicConfig) => ({ published, operatorNames: new Map<ResourceKey, string>() });
    expect(isServedDifferently(served(before), served(config))).toBe(
      isServedDifferently(served(forgotten(before)), served(forgotten(config))),
    );
  });
});

test("the canaries' shares, and the text", () => {
  fc.assert(
    fc.property(history, (steps) => {
      let rendered: RenderedChart | undefined;
      for (const [, config] of played(steps)) {
        const afresh = forgotten(config);
        expect(namesNeededForCanaries(config)).toEqual(namesNeededForCanaries(afresh));
        expect(plain(splitCanaries(config))).toEqual(plain(splitCanaries(afresh)));
        rendered = renderAgain(config, rendered);
        expect(rendered.text).toBe(renderChart(afresh));
      }
    }),
  );
});
