import { describe, expect, test } from "vitest";
import type { ServiceInstance } from "../../src/core/catalog/snapshot.ts";
import { createHostRegistrations } from "../../src/daemon/registrations-on-hosts.ts";
import { instance } from "../builders/world.ts";
import { createFakeClock, settle } from "../fakes/fake-clock.ts";
import { failure } from "./world.ts";

const PLACES = ["10.0.0.9:24001", "[fd00::1]:24002", "10.0.0.9:24003"];

function world() {
  const clock = createFakeClock();
  const asked: string[][] = [];
  const state = { isBelieved: true, changes: 0, answer: [instance()] as readonly ServiceInstance[] | Error };
  const registrations = createHostRegistrations({
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
    everyMs: 5_000,
    changed: () => {
      state.changes += 1;
    },
  });
  return { clock, asked, state, registrations, signal: new AbortController() };
}

describe("the machines of held servers", () => {
  test("are read at once, and again every 5 s as long as something is held", async () => {
    const { registrations, clock, asked, state, signal } = world();
    expect(registrations.current()).toBeUndefined();
    registrations.follow(PLACES, signal.signal);
    await settle();
    expect(asked).toEqual([["10.0.0.9", "fd00::1"]]);
    expect(registrations.current()).toEqual([instance({ catalogName: "dc1" })]);
    expect(state.changes).toBe(1);
    registrations.follow(PLACES, signal.signal);
    await clock.advance(4_999);
    expect(asked).toHaveLength(1);
    await clock.advance(1);
    expect(asked).toHaveLength(2);
    registrations.follow([], signal.signal);
    expect(registrations.current()).toBeUndefined();
    await clock.advance(60_000);
    expect(asked).toHaveLength(2);
    registrations.follow(PLACES.slice(1), signal.signal);
    await settle();
    expect(asked[2]).toEqual(["fd00::1", "10.0.0.9"]);
  });

  test("make no pass by a reading that shows the same, and one by each that shows something else", async () => {
    const { registrations, clock, asked, state, signal } = world();
    registrations.follow(PLACES, signal.signal);
    await settle();
    const first = registrations.current();
    state.answer = [instance()];
    await clock.advance(5_000);
    expect(asked).toHaveLength(2);
    expect(state.changes).toBe(1);
    expect(registrations.current()).toBe(first);
    for (const answer of [[instance({ port: 24_009 })], [], [instance()]]) {
      const before = state.changes;
      state.answer = answer;
      await clock.advance(5_000);
      expect(state.changes).toBe(before + 1);
      expect(registrations.current()).toEqual(answer.map((one) => ({ ...one, catalogName: "dc1" })));
    }
    registrations.follow([], signal.signal);
    await clock.advance(5_000);
    registrations.follow(PLACES, signal.signal);
    await settle();
    expect(state.changes).toBe(5);
    expect(registrations.current()).toHaveLength(1);
  });

  test("stay as last read while a reading fails, and are not asked of a catalog that hides something", async () => {
    const { registrations, clock, asked, state, signal } = world();
    registrations.follow(PLACES, signal.signal);
    await settle();
    state.answer = failure("E_CATALOG_UNREACHABLE");
    await clock.advance(5_000);
    expect(asked).toHaveLength(2);
    expect(registrations.current()).toHaveLength(1);
    state.isBelieved = false;
    await clock.advance(5_000);
    expect(asked).toHaveLength(2);
    signal.abort();
    await clock.advance(60_000);
    expect(asked).toHaveLength(2);
  });
});
