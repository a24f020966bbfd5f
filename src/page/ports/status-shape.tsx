import type { PortStatus } from "./status-words.ts";
import { STATUS_WORDS } from "./status-words.ts";

/** The mark of a status in the picture and its legend, around a middle. @param radius in pixels */
export function StatusShape({
  status,
  x,
  y,
  radius,
}: {
  readonly status: PortStatus;
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}) {
  const { mark, tone } = STATUS_WORDS[status];
  const r = radius;
  const shape = `port-mark tone-${tone}`;
  switch (mark) {
    case "cross":
      return (
        <path
          class={`${shape} stroked`}
          d={`M${x - r} ${y - r}L${x + r} ${y + r}M${x - r} ${y + r}L${x + r} ${y - r}`}
        />
      );
    case "diamond":
      return <path class={shape} d={`M${x} ${y - r - 1}L${x + r + 1} ${y}L${x} ${y + r + 1}L${x - r - 1} ${y}Z`} />;
    case "triangle":
      return <path class={shape} d={`M${x} ${y - r}L${x + r} ${y + r * 0.8}L${x - r} ${y + r * 0.8}Z`} />;
    case "dot":
      return <circle class={shape} cx={x} cy={y} r={r} />;
    case "small-dot":
      return <circle class={shape} cx={x} cy={y} r={r * 0.7} />;
    case "ring":
      return <circle class={`${shape} hollow`} cx={x} cy={y} r={r - 0.8} />;
    case "square":
      return <rect class={shape} x={x - r * 0.85} y={y - r * 0.85} width={r * 1.7} height={r * 1.7} />;
    case "hollow-square":
      return <rect class={`${shape} hollow`} x={x - r * 0.8} y={y - r * 0.8} width={r * 1.6} height={r * 1.6} />;
  }
}

/** The mark alone, for the legend and for tables. */
export function StatusSign({ status }: { readonly status: PortStatus }) {
  return (
    <svg class="status-sign" width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
      <StatusShape status={status} x={7} y={7} radius={4.6} />
    </svg>
  );
}
