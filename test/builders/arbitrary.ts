import fc from "fast-check";
import type { Check, ServiceInstance, TaggedAddress } from "../../src/core/catalog/snapshot.ts";
import {
  type ConfigObject,
  type ConfigValue,
  configObject,
  type DynamicConfig,
  sectionsMade,
} from "../../src/core/traefik/chart/dynamic-config.ts";
import { instance } from "./world.ts";

/** Names that have broken something somewhere: JavaScript's objects, YAML's scalars, Go's templates, Unicode. */
export const nastyName = fc.constantFrom(
  ...["__proto__", "constructor", "1", "01", "true", "null", "2026-08-01", "a", "A", "a b", "web", "web-1"],
  ...[
    '{{ env "HOME" }}',
    "{{{",
    "}}",
    "{",
    "世界",
    "🚀",
    "\u2028",
    "\u0085",
    "\ufeff",
    "\u007f",
    "a\\b",
    '"',
    "# x",
    "x: y",
  ],
);

/**
 * No lone backslash: once an object has had it as a key, JSON.parse of Node 24 takes every key of one character that is
 * written as an escape (`"\\u007f"`) for a backslash.
 */
const nastyText = fc
  .oneof(
    nastyName,
    fc.string({ unit: "binary", maxLength: 8 }).map((text) => text.toWellFormed()),
  )
  .filter((text) => text !== "\\");

/** A value as the decoder makes them: no lone surrogates, no numbers beyond 2^53. */
const configValue: fc.Arbitrary<ConfigValue> = fc.letrec<{ value: ConfigValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    nastyText,
    fc.integer(),
    fc.boolean(),
    fc.array(tie("value"), { maxLength: 3 }),
    objectOf(tie("value")),
  ),
})).value;

function objectOf(value: fc.Arbitrary<ConfigValue>): fc.Arbitrary<ConfigObject> {
  return fc.array(fc.tuple(nastyText, value), { maxLength: 4 }).map((fields) => configObject(fields));
}

function entries(): fc.Arbitrary<ReadonlyMap<string, ConfigObject>> {
  return fc.array(fc.tuple(nastyText, objectOf(configValue)), { maxLength: 4 }).map((list) => new Map(list));
}

/** Any configuration, of any shape. */
export const anyConfig: fc.Arbitrary<DynamicConfig> = fc.record(sectionsMade(entries));

const tag = fc.oneof(
  fc.tuple(nastyName, nastyText).map(([name, text]) => `traefik.http.routers.${name}.rule=Path(\`/${text}\`)`),
  fc.tuple(nastyName, nastyName).map(([name, to]) => `traefik.http.routers.${name}.middlewares=${to}`),
  fc.tuple(nastyName, nastyName).map(([name, to]) => `traefik.http.routers.${name}.service=${to}`),
  nastyName.map((name) => `traefik.http.middlewares.${name}.stripprefix.prefixes=/x`),
  nastyName.map((name) => `traefik.http.middlewares.${name}.stripprefix.prefixes=`),
  fc
    .tuple(nastyName, nastyText)
    .map(([n, v]) => `traefik.http.middlewares.${n}.headers.customrequestheaders.${n}=${v}`),
  nastyName.map((name) => `traefik.http.middlewares.${name}.redirectscheme.forcepermanentredirect=true`),
  fc.tuple(nastyName, fc.boolean()).map(([n, yes]) => `traefik.http.services.${n}.loadbalancer.passhostheader=${yes}`),
  fc.tuple(nastyName, fc.nat(70_000)).map(([n, port]) => `traefik.http.services.${n}.loadbalancer.server.port=${port}`),
  fc.constantFrom(
    ...[
      "traefik.enable=false",
      "traefik.enable=yes",
      "traefik.http.routers.foo].rule=x",
      "traefik.http.routers..rule=x",
    ],
    ...[
      "portolan.weight=3",
      "portolan.weight=-1",
      "portolan.address=wan",
      "portolan.address=__proto__",
      "portolan.x=y",
    ],
    ...["traefik.http.routers.a.priority=high", "traefik.tcp.routers.a.rule=x", "traefik.http.routers.a@file.rule=x"],
    ...["traefik.http.services.a.weighted.services[0].name=x", "traefik.http.routers.a.tls=true", "unrelated"],
  ),
  nastyText,
);

const check: fc.Arbitrary<Check> = fc.record({
  id: fc.constantFrom("service:x", "serfHealth", "_node_maintenance", "_service_maintenance:x"),
  name: nastyName,
  status: fc.constantFrom("passing", "passing", "passing", "warning", "critical", "resting"),
});

const taggedAddress: fc.Arbitrary<TaggedAddress> = fc.record({
  address: fc.constantFrom("192.0.2.1", "", "fd00::2", "{{ .x }}"),
  port: fc.constantFrom(0, 20_001, 443),
});

/** Any instance: tags valid and broken, names that collide, ports inside and outside of the window. */
export const anyInstance: fc.Arbitrary<ServiceInstance> = fc
  .record({
    service: fc.oneof(nastyName, fc.constantFrom("web", "api")),
    id: fc.constantFrom("a", "b", "c", "__proto__"),
    node: fc.constantFrom("node-1", "node-2", "__proto__"),
    namespace: fc.constantFrom("", "", "", "team"),
    address: fc.constantFrom("", "192.168.11.20", "fd00::1", "{{ .x }}", "a b"),
    port: fc.oneof(
      { weight: 5, arbitrary: fc.integer({ min: 20_000, max: 20_009 }) },
      { weight: 1, arbitrary: fc.nat(65_535) },
    ),
    tags: fc.oneof(
      { weight: 1, arbitrary: fc.constant(["traefik.enable=true"]) },
      { weight: 3, arbitrary: fc.array(tag, { maxLength: 4 }).map((tags) => ["traefik.enable=true", ...tags]) },
    ),
    checks: fc.array(check, { maxLength: 1 }),
    taggedAddresses: fc.dictionary(fc.constantFrom("wan", "lan", "{{ .x }}"), taggedAddress, { maxKeys: 2 }),
    weights: fc.record({ passing: fc.nat(3), warning: fc.nat(3) }),
    createIndex: fc.nat(5),
  })
  .map((fields) => instance(fields));

/** A catalog: no two instances of one id on one node. */
export const anyCatalog: fc.Arbitrary<readonly ServiceInstance[]> = fc.uniqueArray(anyInstance, {
  maxLength: 12,
  selector: ({ namespace, node, id, service }) => JSON.stringify([namespace, node, id, service]),
});
