import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type ConfigValue,
  isConfigObject,
  TRAEFIK_VERSIONS,
  type TraefikVersion,
} from "../../../../src/core/traefik/chart/dynamic-config.ts";
import { decodeLabels } from "../../../../src/core/traefik/decode/decode.ts";
import { labelsOf } from "../../../../src/core/traefik/labels/labels.ts";
import { fieldPaths } from "../../../../src/core/traefik/schema/field-paths.ts";
import { ROOT } from "../../../../src/core/traefik/schema/root.ts";
import type { Field } from "../../../../src/core/traefik/schema/schema.ts";
import { fieldIn } from "../../../../src/core/traefik/schema/version.ts";

const name = fc.constantFrom("a", "A", "b-c", "__proto__", "ſ", "世", "x[0]", "@");
const value = fc.oneof(
  fc.constantFrom("", "true", "false", "5", "10s", "1m30s", "a, b", "x║y", "9007199254740993"),
  fc.string(),
);

/** Mostly keys of real fields, sometimes with a part too many, too few, or torn. */
const key = fc
  .tuple(fc.constantFrom(...[...fieldPaths("3.7")].map(({ path }) => path)), name, name, fc.nat(30))
  .map(([path, first, second, tear]) => {
    const key = path
      .replace("<name>", first)
      .replace("loadBalancer.servers[]", "loadBalancer.server")
      .replace("[]", "[0]");
    if (tear === 0) return `${key}.${second}`;
    if (tear === 1) return key.slice(0, -3);
    if (tear === 2) return `${key}]`;
    return tear < 10 ? `${key}.${second}` : key.toLowerCase();
  });
const tag = fc.tuple(key, value).map(([k, v]) => `traefik.${k}=${v}`);
const tags = fc.array(tag, { maxLength: 6 });
const version = fc.constantFrom(...TRAEFIK_VERSIONS);

function decode(list: readonly string[], line: TraefikVersion, prefix = "traefik") {
  return decodeLabels(labelsOf(list, prefix), line);
}

describe("decoding", () => {
  test("never throws, and refuses nothing without a problem", () => {
    const junk = fc.array(
      fc.oneof(
        tag,
        fc.string({ unit: "binary" }),
        fc.string().map((s) => `traefik.http.${s}=`),
      ),
    );
    fc.assert(
      fc.property(junk, version, (list, line) => {
        const decoded = decode(list, line);
        if (decoded.kind === "refused") expect(decoded.problems).not.toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test("does not exhaust the stack, however deep a key is", () => {
    expect(decode([`traefik.http.middlewares.m.plugin.p${".x".repeat(100_000)}=1`], "3.7").kind).toBe("refused");
    expect(decode([`traefik.http.middlewares.m.headers.x${".x".repeat(95)}=1`], "3.7").kind).toBe("refused");
    expect(decode([`traefik.http.middlewares.m.plugin.p${".x".repeat(90)}=1`], "3.7").kind).toBe("decoded");
  });

  test("does not depend on the order of tags with different keys", () => {
    const distinct = fc.uniqueArray(tag, { maxLength: 6, selector: (text) => text.slice(0, text.indexOf("=")) });
    const shuffled = distinct.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length })),
    );
    fc.assert(
      fc.property(shuffled, version, ([list, other], line) => {
        expect(JSON.stringify(decode(other, line))).toBe(JSON.stringify(decode(list, line)));
      }),
      { numRuns: 500 },
    );
  });

  test("means the same under any prefix", () => {
    const prefix = fc.constantFrom("edge", "my.edge", "t", "Traefik", "");
    fc.assert(
      fc.property(tags, prefix, version, (list, other, line) => {
        const renamed = list.map((text) => `${other}${other === "" ? "" : "."}${text.slice("traefik.".length)}`);
        const expected = decode(list, line);
        const decoded = decode(renamed, line, other);
        expect(decoded.kind).toBe(expected.kind);
        if (decoded.kind === "decoded" && expected.kind === "decoded") expect(decoded.config).toEqual(expected.config);
      }),
      { numRuns: 500 },
    );
  });

  test("makes only what the chosen Traefik line declares", () => {
    let decodedRuns = 0;
    fc.assert(
      fc.property(fc.array(tag, { maxLength: 2 }), version, (list, line) => {
        const decoded = decode(list, line);
        if (decoded.kind === "refused") return;
        decodedRuns++;
        expect(violations(decoded.config, ROOT, line)).toEqual([]);
      }),
      { numRuns: 2000 },
    );
    expect(decodedRuns).toBeGreaterThan(300);
  });
});

/** Where a value does not fit its declaration. */
function violations(found: ConfigValue, field: Field, line: TraefikVersion, path = ""): string[] {
  switch (field.kind) {
    case "object":
    case "struct":
      if (!isConfigObject(found)) return [`${path} is no object`];
      return Object.entries(found).flatMap(([key, value]) => {
        const declared = Object.hasOwn(field.fields, key) ? field.fields[key] : undefined;
        const child = declared === undefined ? undefined : fieldIn(declared, line);
        // The port of a TCP server is taken from tags and becomes part of its address; no file should have it.
        const isHidden = child?.hidden === true && !(path.startsWith(".tcp.services.") && key === "port");
        if (child === undefined || child.fileOnly || child.internal || isHidden) return [`${path}.${key}`];
        return violations(value, child, line, `${path}.${key}`);
      });
    case "map":
      if (!isConfigObject(found)) return [`${path} is no map`];
      return Object.entries(found).flatMap(([key, value]) => violations(value, field.entry, line, `${path}.${key}`));
    case "list":
      if (!Array.isArray(found)) return [`${path} is no list`];
      return found.flatMap((value) => violations(value, field.entry, line, `${path}[]`));
    case "bool":
      return typeof found === "boolean" ? [] : [path];
    case "int":
    case "int64":
      return /^-?\d+$/.test(String(found)) ? [] : [path];
    case "duration":
      return /^(-?\d+(\.\d+)?(h|m|s|ms|µs|ns))+/.test(String(found)) ? [] : [path];
    case "string":
      return typeof found === "string" ? [] : [path];
    case "any":
      return [];
  }
}
