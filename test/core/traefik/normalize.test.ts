import { expect, test } from "vitest";
import { normalize } from "../../../src/core/traefik/normalize.ts";

test.each([
  ["foo.bar", "foo-bar"],
  ["foo-bar", "foo-bar"],
  ["  my_service..v2  ", "my-service-v2"],
  ["straße/数据①", "straße-数据①"],
  ["---", ""],
  ["", ""],
])("N1, N2: %j becomes %j", (name, expected) => {
  expect(normalize(name)).toBe(expected);
});
