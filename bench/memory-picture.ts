import { tenths } from "./figures.ts";
import type { SoakSample } from "./results.ts";
import { svg } from "./svg.ts";

const WIDTH = 880;
const HEIGHT = 300;
const LEFT = 64;
const RIGHT = 16;
const TOP = 40;
const BOTTOM = 64;
const MB_A_LINE = 50;
const MOST_MINUTE_LINES = 12;

/**
 * Resident memory over the time of a soak, as SVG, a line for each life of portolan. Both axes are linear and begin with 0.
 * Equal samples give equal bytes.
 */
export function memoryPicture(samples: readonly SoakSample[]): string {
  const mostMb = Math.ceil(Math.max(1, ...samples.map(({ residentMb }) => residentMb)) / MB_A_LINE) * MB_A_LINE;
  const minutes = Math.max(1, Math.ceil(Math.max(0, ...samples.map(({ atS }) => atS)) / 60));
  const step = Math.ceil(minutes / MOST_MINUTE_LINES);
  const x = (atS: number) => tenths(LEFT + ((WIDTH - LEFT - RIGHT) * atS) / 60 / minutes);
  const y = (mb: number) => tenths(HEIGHT - BOTTOM - ((HEIGHT - BOTTOM - TOP) * mb) / mostMb);
  const lives = Map.groupBy(samples, ({ life }) => life);
  return svg({ width: WIDTH, height: HEIGHT, title: "Resident memory over the time of a soak" }, [
    `<text class="title" x="${LEFT}" y="22">resident memory, a line for each process</text>`,
    ...Array.from({ length: mostMb / MB_A_LINE + 1 }, (_, line) => line * MB_A_LINE).map(
      (mb) =>
        `<path class="grid" d="M${LEFT} ${y(mb)}H${WIDTH - RIGHT}"/><text x="${LEFT - 8}" y="${y(mb) + 4}" text-anchor="end">${mb} MB</text>`,
    ),
    ...Array.from({ length: Math.floor(minutes / step) + 1 }, (_, line) => line * step).map(
      (minute) => `<text x="${x(minute * 60)}" y="${HEIGHT - BOTTOM + 20}" text-anchor="middle">${minute}</text>`,
    ),
    `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 16}" text-anchor="middle">minutes</text>`,
    ...[...lives.values()].map((life) => {
      const points = life.map(({ atS, residentMb }) => `${x(atS)} ${y(residentMb)}`).join("L");
      return `<path fill="none" stroke="#2f81f7" stroke-width="1.5" d="M${points}"/>`;
    }),
  ]);
}
