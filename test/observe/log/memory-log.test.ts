import { describe, expect, it } from "vitest";
import { createMemoryLog, memoryRemedy } from "../../../src/observe/log/memory-log.ts";
import { enoughMib, type MemoryReading, MIB } from "../../../src/observe/memory/memory-reading.ts";

/** In MiB: of a heap of at most 127, in a container of 192, as Node has them by its first line. */
function reading(heap: number, held = 60): MemoryReading {
  return {
    heapBytes: heap * MIB,
    heapLimitBytes: 127 * MIB,
    processBytes: held * MIB,
    memoryLimitBytes: 192 * MIB,
  };
}

function told(readings: readonly MemoryReading[]) {
  const events: { event: string; message: string; data: unknown }[] = [];
  const shown: boolean[] = [];
  const tell = createMemoryLog({
    log: { emit: (event, message, data) => events.push({ event, message, data }), setLevel: () => {} },
    services: () => 1_234,
    environment: { NOMAD_ALLOC_ID: "4d5f" },
    shown: (isShort) => shown.push(isShort),
  });
  for (const one of readings) tell(one);
  return { events, shown };
}

describe("memory that gets short", () => {
  it("is told once, with what is used, what is allowed, and the remedy", () => {
    const { events, shown } = told([reading(60), reading(96), reading(110)]);
    expect(shown).toEqual([false, true]);
    expect(events).toEqual([
      {
        event: "memory.short",
        message: expect.stringContaining(
          "with 1234 services 96 MiB live in a heap of at most 127 MiB, and the process holds 60 MiB of the 192 MiB that it may have; three quarters of the heap and 85 % of the memory are allowed",
        ),
        data: {
          ...reading(96),
          services: 1_234,
          remedy: "write memory = 320 in the resources of portolan's task, and nomad job run it",
        },
      },
    ]);
    expect(events[0]?.message).toMatch(/write memory = 320 in the resources of portolan's task, and nomad job run it$/);
  });

  it("is seen by what the process holds as well, where the heap is small", () => {
    expect(told([reading(40, 163)]).events).toEqual([]);
    expect(told([reading(40, 164)]).events).toMatchObject([{ event: "memory.short" }]);
  });

  it("is enough again only well below, and may be short once more", () => {
    const { events, shown } = told([reading(96), reading(90), reading(83), reading(82), reading(94), reading(96)]);
    expect(events.map(({ event }) => event)).toEqual(["memory.short", "memory.enough", "memory.short"]);
    expect(shown).toEqual([false, true, false, true]);
  });

  it("is judged by the heap alone where the process has no limit", () => {
    const { memoryLimitBytes: _, ...free } = reading(96, 9_000);
    const [event] = told([free]).events;
    expect(event?.message).toMatch(/and the process holds 9000 MiB; .*; run portolan on a machine with more memory$/);
    expect(told([{ ...free, heapBytes: 50 * MIB }]).events).toEqual([]);
  });
});

describe("the remedy", () => {
  it.each([
    [{ NOMAD_ALLOC_ID: "4d5f" }, "write memory = 320 in "],
    [{ NOMAD_ALLOC_ID: "4d5f", NOMAD_MEMORY_MAX_LIMIT: "192" }, "write memory_max = 320 in "],
    [{ INVOCATION_ID: "8c" }, "systemctl set-property portolan MemoryMax=320M && systemctl restart portolan"],
    [{}, "docker update --memory 320m --memory-swap 320m CONTAINER && docker restart CONTAINER"],
  ])("names the place where the limit is set: %j", (environment, remedy) => {
    expect(memoryRemedy({ memoryLimitBytes: 192 * MIB }, environment)).toContain(remedy);
  });

  it.each([
    [96, 192],
    [128, 192],
    [192, 320],
    [256, 384],
    [384, 576],
  ])("is half as much again, in steps of 64: %i -> %i", (mib, enough) => {
    expect(enoughMib(mib * MIB)).toBe(enough);
  });
});
