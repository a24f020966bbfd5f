import { describe, expect, test } from "vitest";
import { z } from "zod";
import { checkFile } from "../../../src/config/files/checked-file.ts";
import { ledgerFile } from "../../../src/config/files/ledger/ledger-schema.ts";
import { policyFile } from "../../../src/config/files/policy-file.ts";
import { settingsSchema } from "../../../src/config/files/schema.ts";
import { type JsonSchema, jsonSchemaOf } from "../../../src/config/files/schema-problem.ts";

const FILES = { settings: settingsSchema, policy: policyFile, ledger: ledgerFile };

const VALUES: readonly unknown[] = [
  ...[null, true, 5, 1.5, -1, 1e300, "", "x", new Date(0)],
  ...[[], [1], [[]], [null], {}, { key: 1 }],
];

function errorsOf(schema: z.ZodType, content: unknown): readonly string[] {
  const checked = checkFile(schema, content);
  return checked.kind === "refused" ? checked.errors : [];
}

/** `ports.0.owner`: a value at this place and nothing besides. */
function only(place: string, value: unknown): unknown {
  return place
    .split(".")
    .toReversed()
    .reduce((inner, key) => (key === "0" ? [inner] : { [key]: inner }), value);
}

describe.each<[keyof typeof FILES, Readonly<Record<string, readonly [found: unknown, told: string]>>]>([
  [
    "settings",
    {
      traefik: [[], "found a list; a mapping is allowed"],
      catalogs: [{}, "found a mapping; a list is allowed"],
      "consul.datacenter": [{}, "found a mapping; a text is allowed"],
      "consul.namespace": [7, "found 7; a text is allowed, in quotes"],
      "consul.cached": ["yes", 'found "yes"; true or false is allowed'],
      "consul.parallelReads": [true, "found true; a number is allowed"],
      "routes.flapping.perMinute": [1.5, "found 1.5; a whole number is allowed"],
      "define.http": [5, "found 5; a mapping is allowed"],
    },
  ],
  [
    "policy",
    {
      rules: [{}, "found a mapping; a list is allowed"],
      "rules.0": [["web"], "found a list; a mapping is allowed"],
      "rules.0.service": [5, "found 5; a text is allowed, in quotes"],
      "rules.0.hosts": ["a.lab.local", 'found "a.lab.local"; a list is allowed'],
      "rules.0.maxPriority": ["1", 'found "1"; a number is allowed'],
      "rules.0.middlewares": [[], "found a list; a mapping is allowed"],
    },
  ],
  [
    "ledger",
    {
      nodes: [[], "found a list; a mapping is allowed"],
      ports: [{}, "found a mapping; a list is allowed"],
      "ports.0": [53, "found 53; a mapping is allowed"],
      "ports.0.ports": [[53], 'found a list; a port or a range "FIRST-LAST" between 1 and 65535 is allowed'],
      "ports.0.purpose": [new Date(0), "found a date; a text is allowed, in quotes"],
      "groups.0.spacing": ["10", 'found "10"; a number is allowed'],
      range: [true, 'found true; a port or a range "FIRST-LAST" between 1 and 65535 is allowed'],
    },
  ],
])("%s", (file, places) => {
  test.each(Object.entries(places))("a value of another kind at %s", (place, [found, told]) => {
    expect(errorsOf(FILES[file], only(place, found))).toContain(`${place}: ${told}`);
  });

  test("no place has a word of the validator's for any kind of value", () => {
    const told = placesOf(jsonSchemaOf(FILES[file])).flatMap((place) =>
      VALUES.flatMap((value) => errorsOf(FILES[file], only(place, value))),
    );
    expect(told.length).toBeGreaterThan(100);
    expect(told.filter((one) => /invalid|expected|\b(?:array|object|record|string|int|boolean)\b/i.test(one))).toEqual(
      [],
    );
  });
});

test.each<[unknown, readonly string[]]>([
  [{}, ["owner: found a mapping; a text or a list is allowed"]],
  [["web", 5], ["owner.1: found 5; a text is allowed, in quotes"]],
  [[""], ['owner.0: found ""; a text of at least 1 character is allowed']],
  [[], ["owner: found a list; a list of at least 1 entry is allowed"]],
])("of alternatives that of the value's kind is told: %j", (owner, expected) => {
  const text = z.string().min(1);
  const schema = z.strictObject({ owner: z.union([text, z.array(text).min(1)]) });
  expect(errorsOf(schema, { owner })).toEqual(expected);
});

/** Every place that the schema names, at the first position of lists. */
function placesOf(schema: JsonSchema, place = ""): readonly string[] {
  const below = (key: string) => (place === "" ? key : `${place}.${key}`);
  return [
    ...(place === "" ? [] : [place]),
    ...Object.entries(schema.properties ?? {}).flatMap(([key, child]) => placesOf(child, below(key))),
    ...(schema.items === undefined ? [] : placesOf(schema.items, below("0"))),
  ];
}
