import type { Answer } from "./probe.ts";
import type { Instance } from "./world.ts";

export type ChangeKind = "new" | "port" | "health" | "gone";

/** One change of one instance: what is different afterwards, and how a client of Traefik notices. */
export interface Change {
  readonly kind: ChangeKind;
  /** As it is after the change; with `gone`, as it was last. */
  readonly instance: Instance;
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
