import { expect, test } from "vitest";
import { decodeKeptState, decodeStoredSlice } from "../../src/cli/stored-state.ts";
import { fromKeptState, toKeptState } from "../../src/daemon/kept-state.ts";
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

test("what the operator defined is known after a restart; a state of a version that knew none is as good as ever", () => {
  const statics = new Map([["http/routers/nas" as const, "nas.yml"]]);
  const kept = toKeptState({ owners: new Map(), leftAtMs: new Map(), hosts: new Map(), families: new Map(), statics });
  const back = decodeKeptState(JSON.parse(JSON.stringify(kept)));
  expect(back && fromKeptState(back).statics).toEqual(statics);
  const older = decodeKeptState({ owners: {}, leftAtMs: {} });
  expect(older && fromKeptState(older).statics).toEqual(new Map());
});
