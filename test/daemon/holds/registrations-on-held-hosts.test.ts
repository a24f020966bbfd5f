import { describe, expect, test } from "vitest";
import type { ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import { createHeldHostRegistrations } from "../../../src/daemon/holds/registrations-on-held-hosts.ts";
import { instance } from "../../builders/world.ts";
import { createFakeClock, settle } from "../../fakes/fake-clock.ts";
import { failure } from "../world.ts";

const PLACES = ["10.0.0.9:24001", "[fd00::1]:24002", "10.0.0.9:24003"];

function world() {
  const clock = createFakeClock();
  const asked: string[][] = [];
  const state = { isBelieved: true, changes: 0, answer: [instance()] as readonly ServiceInstance[] | Error };
  const heldHostRegistrations = createHeldHostRegistrations({
    catalogs: [
      {
        name: "dc1",
        source: {
          registeredAt: (hosts) => {
            asked.push([...hosts]);
            return state.answer instanceof Error ? Promise.reject(state.answer) : Promise.resolve(state.answer);
          },
        },
      },
      { name: "nomad", source: {} },
    ],
    areBelieved: () => state.isBelieved,
    clock,
    changed: () => {
      state.changes += 1;
    },
  });
  return { clock, asked, state, heldHostRegistrations, signal: new AbortController() };
}

describe("the machines of held servers", () => {
  test("are read at once, and again every 5 s as long as something is held", async () => {
    const { heldHostRegistrations, clock, asked, state, signal } = world();
    expect(heldHostRegistrations.current()).toBeUndefined();
    heldHostRegistrations.hold(PLACES, signal.signal);
    await settle();
    expect(asked).toEqual([["10.0.0.9", "fd00::1"]]);
    expect(heldHostRegistrations.current()).toEqual([instance({ catalogName: "dc1" })]);
    expect(state.changes).toBe(1);
    heldHostRegistrations.hold(PLACES, signal.signal);
    await clock.advance(4_999);
    expect(asked).toHaveLength(1);
    await clock.advance(1);
    expect(asked).toHaveLength(2);
    heldHostRegistrations.hold([], signal.signal);
    expect(heldHostRegistrations.current()).toBeUndefined();
    await clock.advance(60_000);
    expect(asked).toHaveLength(2);
    heldHostRegistrations.hold(PLACES.slice(1), signal.signal);
    await settle();
    expect(asked[2]).toEqual(["fd00::1", "10.0.0.9"]);
  });

  test("stay as last read while a reading fails, and are not asked of a catalog that hides something", async () => {
    const { heldHostRegistrations, clock, asked, state, signal } = world();
    heldHostRegistrations.hold(PLACES, signal.signal);
    await settle();
    state.answer = failure("E_CATALOG_UNREACHABLE");
    await clock.advance(5_000);
    expect(asked).toHaveLength(2);
    expect(heldHostRegistrations.current()).toHaveLength(1);
    state.isBelieved = false;
    await clock.advance(5_000);
    expect(asked).toHaveLength(2);
    signal.abort();
    await clock.advance(60_000);
    expect(asked).toHaveLength(2);
  });
});
