import { readdirSync, readlinkSync } from "node:fs";
import { residentMemory } from "../../../bench/procfs.ts";
import { until } from "../../support/await-until.ts";
import type { PortolanProcess } from "../../support/portolan-process.ts";

/** What a process holds once all of its garbage is gone. Megabytes are 10^6 bytes. */
export interface Figures {
  readonly heapMb: number;
  readonly residentMb: number;
  readonly sockets: number;
  /** Open files of every other kind. */
  readonly files: number;
}

/** What may come on top in the life of a process: compiled code, and pages that the allocator keeps. */
const HEAP_GROWTH_MB = 6;
const RESIDENT_GROWTH_MB = 40;
/** Beside that, for each service of a large world, whose size goes up and down: what it holds of a tenth of it. */
const HEAP_GROWTH_OF_SERVICE_MB = 0.01;
const FILES_GROWTH = 3;
/** Sockets beside those to the catalog: the listener, the writer's lock, and a client that asks at that moment. */
const OTHER_SOCKETS = 6;

const COLLECTED = /"event":"soak.collected","heapBytes":(\d+)/g;

/** Makes the process collect its garbage and looks at what is left. */
export async function takeFigures(portolan: PortolanProcess): Promise<Figures> {
  const { pid } = portolan;
  const collections = () => [...portolan.log().matchAll(COLLECTED)];
  const before = collections().length;
  portolan.kill("SIGWINCH");
  const what = "a collection of garbage";
  const [, heapBytes] = await until(() => collections()[before], { timeoutMs: 10_000, what });
  const descriptors = readdirSync(`/proc/${pid}/fd`).map((descriptor) => targetOf(`/proc/${pid}/fd/${descriptor}`));
  const sockets = descriptors.filter((target) => target.startsWith("socket:")).length;
  return {
    heapMb: Number(heapBytes) / 1e6,
    residentMb: residentMemory(pid).nowMb,
    sockets,
    files: descriptors.length - sockets,
  };
}

/** What has grown too much since the start of a life. */
export function growth(start: Figures, end: Figures, connectionBudget: number, services = 0): readonly string[] {
  const limits: readonly (readonly [what: keyof Figures, most: number])[] = [
    ["heapMb", start.heapMb + HEAP_GROWTH_MB + services * HEAP_GROWTH_OF_SERVICE_MB],
    ["residentMb", start.residentMb + RESIDENT_GROWTH_MB],
    ["files", start.files + FILES_GROWTH],
    ["sockets", connectionBudget + OTHER_SOCKETS],
  ];
  return limits
    .filter(([what, most]) => end[what] > most)
    .map(([what, most]) => `${what} went from ${start[what]} to ${end[what]}, allowed are ${most}`);
}

/** For people. */
export function describeFigures({ heapMb, residentMb, sockets, files }: Figures): string {
  return `heap ${heapMb.toFixed(1)} MB, resident ${residentMb.toFixed(0)} MB, ${sockets} sockets, ${files} files`;
}

function targetOf(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return ""; // It has been closed meanwhile.
  }
}
