import { registrationKey } from "../catalog/address-key.ts";
import type { ServiceInstance } from "../catalog/snapshot.ts";
import { goneSince } from "../incremental/changed-range.ts";
import { placeOf, type RegisteredPlace } from "./registered-place.ts";

/** Where an instance was registered that has gone, or moved, and since when. */
export interface Departure {
  readonly place: RegisteredPlace;
  readonly goneAtMs: number;
}

/** Long enough for instances that go together, and for one that shared its port with a held server. */
const REMEMBERED_MS = 600_000;

/**
 * With those that have gone since the last pass, and without those that went too long ago, or at whose place another service
 * has come since: of that one's server they never shared the port.
 */
export function recentlyDeregisteredNow(
  known: readonly Departure[],
  before: readonly ServiceInstance[],
  now: readonly ServiceInstance[],
  nowMs: number,
): readonly Departure[] {
  const gone = goneSince(before, now, registrationKey);
  if (gone.length === 0 && known.length === 0) return known;
  const came = Map.groupBy(goneSince(now, before, registrationKey).map(placeOf), ({ hostPort }) => hostPort);
  const isOver = ({ place: { hostPort, service }, goneAtMs }: Departure) =>
    goneAtMs <= nowMs - REMEMBERED_MS || came.get(hostPort)?.some((other) => other.service !== service) === true;
  const departures = gone.map((instance) => ({ place: placeOf(instance), goneAtMs: nowMs }));
  if (gone.length === 0 && !known.some(isOver)) return known;
  return [...known, ...departures].filter((one) => !isOver(one));
}
