import { expect, test } from "vitest";
import { decodeStoredSlice } from "../../src/cli/stored-state.ts";
import { instance, slice } from "../builders/world.ts";

const INSTANCE = instance({
  checks: [{ id: "serfHealth", name: "", status: "passing", ofNode: true }],
  meta: { team: "blue" },
  taggedAddresses: { wan: { address: "192.0.2.1", port: 443 } },
  weights: { passing: 5, warning: 0 },
});

function stored(instances: readonly object[]) {
  const { source, readAtMs } = slice([]);
  return JSON.parse(JSON.stringify({ source, readAtMs, instances }));
}

test("a slice comes back as it was", () => {
  expect(decodeStoredSlice(stored([INSTANCE]))?.instances).toEqual([INSTANCE]);
});

test("a slice that was stored before meta, tagged addresses and weights were read is as good as ever", () => {
  const { meta, taggedAddresses, weights, ...older } = instance();
  expect(decodeStoredSlice(stored([older]))?.instances).toEqual([instance()]);
});

test("anything else is no slice", () => {
  expect(decodeStoredSlice(stored([{ ...INSTANCE, weights: 5 }]))).toBeUndefined();
  expect(decodeStoredSlice("x")).toBeUndefined();
});
