import fc from "fast-check";
import { expect, test } from "vitest";
import { type ServiceInstance, serviceKey } from "../../src/core/catalog/snapshot.ts";
import type { Decision } from "../../src/core/decision.ts";
import { reachOfRouter } from "../../src/core/traefik/rule-reach/reach.ts";
import { has } from "../../src/core/traefik/rule-reach/text-set.ts";
import { instance, pass, settings } from "../builders/world.ts";

const HOSTS = ["a.org", "b.org", "x.a.org"];
const PATHS = ["/", "/api", "/api/v1"];

const rule = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...HOSTS).map((host) => `Host(\`${host}\`)`) },
  fc
    .tuple(fc.constantFrom(...HOSTS), fc.constantFrom(...PATHS))
    .map(([h, p]) => `Host(\`${h}\`) && PathPrefix(\`${p}\`)`),
  fc.tuple(fc.constantFrom(...HOSTS), fc.constantFrom(...HOSTS)).map(([a, b]) => `Host(\`${a}\`) || Host(\`${b}\`)`),
  fc.constantFrom(...PATHS).map((path) => `PathPrefix(\`${path}\`)`),
  fc.constantFrom("HostRegexp(`^.+\\.org$`)", "HostRegexp(`^.+\\.a\\.org$`)", "HostRegexp(`.*`)", "!Host(`a.org`)"),
);

/** Services that get in each other's way as often as possible, some of them of one sharing group. */
function asking(anyRule: fc.Arbitrary<string>): fc.Arbitrary<ServiceInstance> {
  return fc
    .record({
      service: fc.constantFrom("one", "two", "three", "four", "five"),
      namespace: fc.constantFrom("", "", "team"),
      rules: fc.array(fc.tuple(anyRule, fc.constantFrom(0, 0, 0, 1, 1_000)), { minLength: 1, maxLength: 2 }),
      createIndex: fc.nat(6),
    })
    .map(({ service, namespace, rules, createIndex }) => {
      const name = `${namespace}${service}`;
      const tags = rules.flatMap(([text, priority], i) => [
        `traefik.http.routers.${name}${i}.rule=${text}`,
        ...(priority === 0 ? [] : [`traefik.http.routers.${name}${i}.priority=${priority}`]),
      ]);
      return instance({ service, namespace, id: name, createIndex, tags: ["traefik.enable=true", ...tags] });
    });
}

const catalog = fc.uniqueArray(asking(rule), { maxLength: 8, selector: serviceKey });

/** Rules that name hosts and match many others besides: the outcome of one wide rule bears on that of the next. */
const mixedRule = fc.oneof(
  rule,
  fc.tuple(rule, rule).map(([one, other]) => `(${one}) || (${other})`),
);
const mixedCatalog = fc.uniqueArray(asking(mixedRule), { maxLength: 8, selector: serviceKey });

function reported({ diagnostics }: Decision): readonly string[] {
  return diagnostics.map(({ code, subject, message }) => `${code} ${subject.instance} ${message}`).sort();
}

function refused({ diagnostics }: Decision): readonly string[] {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  return errors.map(({ subject, message }) => `${subject.instance} ${message.split(" ")[0]}`).sort();
}

/** The routers that name each of their hosts. */
function naming({ chart }: Decision): readonly string[] {
  return [...chart["http/routers"]]
    .filter(([, router]) => reachOfRouter("http/routers", router).areas?.every(({ host }) => host.isExact))
    .map(([name]) => name);
}

/** What Traefik would do with a request, as far as priorities decide. */
function winners(decision: Decision, host: string, path: string): readonly string[] {
  const matching = [...decision.chart["http/routers"]]
    .map(([name, router]) => ({ name, ...reachOfRouter("http/routers", router) }))
    .filter(({ name }) => takes(decision, name, host, path));
  const first = Math.max(...matching.map(({ priority }) => priority));
  return matching.filter(({ priority }) => priority === first).map(({ name }) => name);
}

test("who gets what does not depend on the order of the instances", () => {
  fc.assert(
    fc.property(
      mixedCatalog.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray([...all], { minLength: all.length }))),
      ([all, shuffled]) => {
        const [one, other] = [pass(all), pass(shuffled)];
        expect(other.text).toBe(one.text);
        expect(reported(other)).toEqual(reported(one));
      },
    ),
    { numRuns: 150 },
  );
});

test("who gets what is the same whether earlier passes are known or not", () => {
  fc.assert(
    fc.property(mixedCatalog, mixedCatalog, (before, after) => {
      const [one, other] = [settings(), settings()];
      const previous = pass(before, { settings: one }).memory;
      const known = pass(after, { settings: one, previous });
      const anew = pass(after, { settings: other, previous });
      expect(anew.text).toBe(known.text);
      expect(reported(anew)).toEqual(reported(known));
    }),
    { numRuns: 150 },
  );
});

test("a claimant never changes a router that names its hosts and is there already", () => {
  fc.assert(
    fc.property(catalog, catalog, (before, newcomers) => {
      const served = pass(before);
      const known = new Set(before.map(serviceKey));
      const later = newcomers.filter((one) => !known.has(serviceKey(one)));
      const after = pass([...before, ...later], { previous: served.memory });
      for (const name of naming(served)) {
        expect(after.chart["http/routers"].get(name), name).toEqual(served.chart["http/routers"].get(name));
      }
    }),
    { numRuns: 150 },
  );
});

test("a request to a host that a router names goes to its owner's sharing group, or to an older wide rule", () => {
  fc.assert(
    fc.property(catalog, (all) => {
      const decision = pass(all);
      const owners = new Map(all.flatMap((one) => ["0", "1"].map((i) => [`${one.namespace}${one.service}${i}`, one])));
      for (const host of HOSTS) {
        for (const path of PATHS) {
          const owning = naming(decision).filter((name) => takes(decision, name, host, path));
          const [owner] = owning.map((name) => owners.get(name)!);
          if (owner === undefined) continue;
          for (const winner of winners(decision, host, path)) {
            const service = owners.get(winner)!;
            const isOfGroup =
              serviceKey(service) === serviceKey(owner) ||
              (service.namespace !== "" && service.namespace === owner.namespace);
            const isOlder = !naming(decision).includes(winner) && service.createIndex <= owner.createIndex;
            expect({ host, path, winner, isAllowed: isOfGroup || isOlder }).toMatchObject({ isAllowed: true });
          }
        }
      }
    }),
    { numRuns: 150 },
  );
});

test("once decided, nothing changes without a reason", () => {
  fc.assert(
    fc.property(catalog, catalog, (before, after) => {
      const first = pass(after, { previous: pass(before).memory });
      const second = pass(after, { previous: first.memory });
      expect(second.text).toBe(first.text);
      // Who asks for too much in two ways may be reported for the other one.
      expect(refused(second)).toEqual(refused(first));
    }),
    { numRuns: 150 },
  );
});

function takes({ chart }: Decision, name: string, host: string, path: string): boolean {
  const router = chart["http/routers"].get(name);
  const areas = router === undefined ? [] : (reachOfRouter("http/routers", router).areas ?? []);
  return areas.some((area) => has(area.host, host) && has(area.path, path));
}
