import { expect, test } from "vitest";
import { IndexOf, listIndexOf, serviceIndexOf } from "../../../src/sources/catalog/index-of.ts";

const web = (value: bigint) => new IndexOf("service", "web", value);

test("two indexes of one query tell which is lower", () => {
  expect(web(3n).isLowerThan(web(4n))).toBe(true);
  expect(web(4n).isLowerThan(web(4n))).toBe(false);
  expect(web(4n).isSameAs(web(4n))).toBe(true);
});

test("those of two services are no matter for comparison", () => {
  expect(() => web(3n).isLowerThan(new IndexOf("service", "api", 4n))).toThrow(TypeError);
});

test("those of two kinds of queries do not even compile", () => {
  // @ts-expect-error: a list's index is not a service's
  expect(() => web(3n).isLowerThan(listIndexOf(4n))).toThrow(TypeError);
});

test("an answer without instances bears no index of its service", () => {
  expect(serviceIndexOf("web", [], 4n)).toBeUndefined();
  expect(serviceIndexOf("web", ["an instance"], 4n)?.write).toBe(4n);
});
