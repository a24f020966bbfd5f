import { residentMemory } from "../../../bench/procfs.ts";
import type { SoakSample } from "../../../bench/results.ts";

const EVERY_MS = 5_000;

/** Looks at the memory of one portolan after the other, every few seconds. */
export interface MemoryCurve {
  readonly samples: readonly SoakSample[];
  begin(pid: number, life: string): void;
  end(): void;
}

export function startMemoryCurve(): MemoryCurve {
  const samples: SoakSample[] = [];
  const startMs = performance.now();
  let timer: NodeJS.Timeout | undefined;
  return {
    samples,
    begin(pid, life) {
      timer = setInterval(() => {
        const atS = Math.round((performance.now() - startMs) / 1_000);
        try {
          samples.push({ soak: "memory", life, atS, residentMb: Math.round(residentMemory(pid).nowMb * 10) / 10 });
        } catch {
          // It has ended by itself, which the life notices.
        }
      }, EVERY_MS);
    },
    end: () => clearInterval(timer),
  };
}
