import fc from "fast-check";
import type { Field } from "../../../src/core/traefik/schema/schema.ts";
import { anyText, listText } from "./texts.ts";

/** What stands behind the `=`, and what it shows. */
export interface Value {
  readonly text: string;
  readonly marks: readonly string[];
}

/** A value for a field: mostly one that fits, now and then one that costs the instance. */
export function valueFor(field: Field): fc.Arbitrary<Value> {
  const kind = field.kind === "map" ? field.entry.kind : field.kind;
  const good = GOOD[kind] ?? fc.constant("x");
  const bad = BAD[kind];
  const fits = good.map((text) => ({ text, marks: [`${kind}: fits`] }));
  if (bad === undefined) return fits;
  return fc.oneof(
    { weight: 40, arbitrary: fits },
    { weight: 1, arbitrary: bad.map((text) => ({ text, marks: [`${kind}: does not fit`] })) },
  );
}

const integer = fc.oneof(
  fc.integer({ min: -5, max: 1_000 }).map(String),
  fc.constantFrom("+5", "007", "9007199254740993", "-9223372036854775808", "9223372036854775807", "-0"),
);

const GOOD: Partial<Record<Field["kind"], fc.Arbitrary<string>>> = {
  string: anyText,
  any: anyText,
  bool: fc.constantFrom("true", "false", "1", "t", "T", "TRUE", "True", "0", "f", "F", "FALSE", "False"),
  int: integer,
  int64: integer,
  duration: fc.constantFrom(
    "10",
    "0",
    "10s",
    "1m30s",
    "100ms",
    "1.5h",
    "1h",
    "-1s",
    "1us",
    "1µs",
    "+5s",
    "2562047h47m16.854775807s",
  ),
  list: listText,
  object: fc.constantFrom("", "true", "TRUE", "True"),
};

const BAD: Partial<Record<Field["kind"], fc.Arbitrary<string>>> = {
  bool: fc.constantFrom("", "yes", "on", "tRUE", " true"),
  int: fc.constantFrom("", "1_000", " 5", "5 ", "0x5", "1.0", "9223372036854775808", "no", "１"),
  int64: fc.constantFrom("", "1_000", " 5", "9223372036854775808", "1e3"),
  duration: fc.constantFrom("", "1d", "10 s", "s", "1h-5m", "1_0"),
  object: fc.constantFrom("false", "yes", "1", "no"),
};
