import fc from "fast-check";
import type { Field } from "../../../src/core/traefik/schema/schema.ts";
import { LABEL_FIELDS, type LabelField } from "./label-fields.ts";
import { ODDITIES } from "./oddities.ts";
import { nasty } from "./texts.ts";
import { valueFor } from "./values.ts";

/** A tag before it has its prefix. Without a key the value is the whole tag. */
export interface Tag {
  readonly key?: string;
  readonly value: string;
  /** What it is there to show: fields by path, and branches of the grammar by name. */
  readonly marks: readonly string[];
}

/** What a service's tags call their things: filled in for `<router>`, `<service>` and `<middleware>`. */
export interface Names {
  readonly router: string;
  readonly service: string;
  readonly middleware: string;
}

/** The whole text of a tag; `equals` is the sign between key and value, with or without blanks. */
export function textOf({ key, value }: Tag, prefix: string, names: Names, equals = "="): string {
  if (key === undefined) return value;
  const fill = (text: string) => text.replace(/<(router|service|middleware)>/g, (_, kind: keyof Names) => names[kind]);
  return `${prefix}.${fill(key)}${equals}${fill(value)}`;
}

const HOST = ["http.routers.<router>.rule", "Host(`<router>.example`)"] as const;
const PORT = ["http.services.<service>.loadbalancer.server.port", "8080"] as const;
const SECOND_PORT = ["http.services.two.loadbalancer.server.port", "81"] as const;
const URL = ["http.services.<service>.loadbalancer.server.url", "http://10.9.9.9:1"] as const;
const MIDDLEWARE = ["http.middlewares.<middleware>.stripprefix.prefixes", "/x"] as const;
const MIDDLEWARES = ["http.routers.<router>.middlewares", "<middleware>"] as const;
const TCP_RULE = ["tcp.routers.<router>.rule", "HostSNI(`*`)"] as const;
const TCP_PORT = ["tcp.services.<service>.loadbalancer.server.port", "5432"] as const;
const UDP_ENTRY = ["udp.routers.<router>.entrypoints", "dns"] as const;
const UDP_PORT = ["udp.services.<service>.loadbalancer.server.port", "53"] as const;

type Recipe = readonly [weight: number, mark: string, ...tags: (readonly [key: string, value: string])[]];

const RECIPES: readonly Recipe[] = [
  [6, "only defaults"],
  [6, "own rule", HOST],
  [4, "own rule and service", HOST, ["http.routers.<router>.service", "<service>"], PORT],
  [2, "service without router", PORT],
  [1, "several services, no router", PORT, SECOND_PORT],
  [1, "several services, router without one", HOST, PORT, SECOND_PORT],
  [1, "service of another provider", HOST, ["http.routers.<router>.service", "x@file"]],
  [1, "own provider named", HOST, ["http.routers.<router>.middlewares", "m@consulcatalog,n@nomad,o@file"]],
  [1, "middleware only", MIDDLEWARE],
  [6, "router with a middleware", HOST, MIDDLEWARES],
  [3, "tcp router", TCP_RULE],
  [3, "tcp router with a middleware", TCP_RULE, ["tcp.routers.<router>.middlewares", "<middleware>"]],
  [2, "tcp router and service", TCP_RULE, TCP_PORT],
  [1, "tcp router without rule", ["tcp.routers.<router>.entrypoints", "db"]],
  [1, "tcp middleware only", ["tcp.middlewares.tm.inflightconn.amount", "5"]],
  [1, "tcp and http", TCP_RULE, TCP_PORT, HOST],
  [3, "udp router", UDP_ENTRY],
  [2, "udp router and service", UDP_ENTRY, UDP_PORT],
  [1, "udp, tcp and http", UDP_ENTRY, TCP_RULE, HOST, MIDDLEWARE],
  [2, "tls store", ["tls.stores.default.defaultgeneratedcert.resolver", "le"], HOST],
  [2, "server scheme", HOST, ["http.services.<service>.loadbalancer.server.scheme", "h2c"]],
  [1, "server url", HOST, URL],
  [1, "server url and port", HOST, PORT, URL],
  [2, "server weight", HOST, ["http.services.<service>.loadbalancer.server.weight", "3"]],
];

/** Routers and services as operators write them, from none at all to several protocols at once. */
export const recipe: fc.Arbitrary<readonly Tag[]> = fc.oneof(
  { withCrossShrink: true },
  ...RECIPES.map(([weight, mark, ...tags]) => ({
    weight,
    arbitrary: fc.constant(tags.map(([key, value]): Tag => ({ key, value, marks: [mark] }))),
  })),
);

/** Any field of the table, with a value that fits or, now and then, one that does not. */
export const fieldTag: fc.Arbitrary<Tag> = fc.oneof(
  ...LABEL_FIELDS.map((field) => ({ weight: field.isIgnored ? 3 : 8, arbitrary: settingOf(field) })),
);

function settingOf(field: LabelField): fc.Arbitrary<Tag> {
  return fc.record({ key: keyFor(field), value: valueFor(field.field) }).map(({ key, value }) => ({
    key: key.join("."),
    value: value.text,
    marks: [`field ${field.path}`, ...value.marks],
  }));
}

/** Field names in two spellings; the names that operators choose keep their case. */
function keyFor({ key, field }: LabelField): fc.Arbitrary<readonly string[]> {
  const index = fc.constantFrom("[0]", "[0]", "[1]", "[10]", "[2]");
  const parts = key.split(".").map((part, position): fc.Arbitrary<string> => {
    if (part === "<name>") return nameFor(key, position);
    const spelling = fc.constantFrom(part, part.toLowerCase());
    return part.endsWith("[]") ? fc.tuple(spelling, index).map(([name, at]) => name.replace("[]", at)) : spelling;
  });
  if (field.kind === "map") parts.push(...mapKey(field.entry.kind));
  return fc.tuple(...parts);
}

function nameFor(key: string, position: number): fc.Arbitrary<string> {
  const kind = key.split(".")[position - 1];
  const usual = kind === "routers" ? "<router>" : kind === "services" ? "<service>" : "<middleware>";
  return fc.oneof(
    { withCrossShrink: true },
    { weight: 12, arbitrary: fc.constant(usual) },
    { weight: 2, arbitrary: fc.constantFrom("shared", "Shared", "other") },
    { weight: 1, arbitrary: nasty },
  );
}

/** Keys of the operator's own: of headers (dots stay), of statuses, of a plugin's settings. */
function mapKey(kind: Field["kind"]): readonly fc.Arbitrary<string>[] {
  if (kind === "any")
    return [fc.constantFrom("p", "q"), fc.constantFrom("a", "list[0]", "list[1]", "a.a", "Deep.er", "__proto__")];
  if (kind === "int") return [fc.constantFrom("500", "501-503")];
  return [fc.oneof(fc.constantFrom("X-A", "x-a", "X.Dotted.Key", "X-Forwarded.For", "__proto__"), nasty)];
}

/** Instances of one service may share a server and weigh it differently. */
export const weightTag: fc.Arbitrary<Tag> = fc.constantFrom("1", "2").map((value) => ({
  key: "http.services.<service>.loadbalancer.server.weight",
  value,
  marks: ["weight of one instance"],
}));

/** A corner of the grammar: by itself it may well cost the instance. */
export const oddTag: fc.Arbitrary<Tag> = fc.oneof(
  ...ODDITIES.map(({ branch, keys, values }) =>
    fc
      .record({ key: fc.constantFrom(...keys), value: fc.constantFrom(...values) })
      .map(({ key, value }): Tag => ({ key, value, marks: [branch] })),
  ),
);
