import type { Answer } from "./probe.ts";
import type { Instance } from "./world.ts";

export type ChangeKind = "new" | "port" | "health" | "gone" | "soon";

/** One change of one instance: what is different afterwards, and how a client of Traefik notices. */
export interface Change {
  readonly kind: ChangeKind;
  /** As it is after the change; with `gone`, as it was last. */
  readonly instance: Instance;
  /** Further instances that are there, beside the world, when the change has been made. */
  readonly beside?: readonly Instance[];
  isSeen(answer: Answer): boolean;
}

/**
 * The life of a service with a single instance, so that one answer tells whether the change has arrived: it is
 * registered, comes back on another port with its check untouched, turns critical, and goes.
 */
export function lifeOf(service: string, node: string, [first, second]: readonly [number, number]): readonly Change[] {
  const born: Instance = { service, id: `${service}-0`, node, port: first, status: "passing" };
  const moved: Instance = { ...born, port: second };
  const ill: Instance = { ...moved, status: "critical" };
  return [
    { kind: "new", instance: born, isSeen: ({ status }) => status === 200 },
    { kind: "port", instance: moved, isSeen: ({ status, text }) => status === 200 && text === String(second) },
    // 503 or 404, by the peer.
    { kind: "health", instance: ill, isSeen: ({ status }) => status !== 200 },
    { kind: "gone", instance: ill, isSeen: ({ status }) => status !== 200 },
  ];
}

/** Two services that are registered one soon after the other, and gone again. */
export interface Pair {
  readonly first: Change;
  /** Which is timed. */
  readonly second: Change;
  readonly ends: readonly Change[];
}

/** Two services with a single instance each, of which the second one is registered while the first one is being routed. */
export function pairOf(name: string, node: string, port: number): Pair {
  const [one, other] = ["first", "second"].map(
    (which): Instance => ({ service: `${name}-${which}`, id: `${name}-${which}-0`, node, port, status: "passing" }),
  ) as [Instance, Instance];
  const isSeen = ({ status }: Answer) => status === 200;
  const gone = { kind: "gone", isSeen: () => true } as const;
  return {
    first: { kind: "new", instance: one, isSeen },
    second: { kind: "soon", instance: other, beside: [one], isSeen },
    ends: [
      { ...gone, instance: other, beside: [one] },
      { ...gone, instance: one },
    ],
  };
}
