import type { PortGroup } from "../ledger/ledger.ts";
import { intersection, isWithin, type PortRange } from "../port-range.ts";
import type { PortSurvey } from "../survey.ts";

/** A proposal for the next member of a group. */
export type NextFree =
  | { readonly kind: "found"; readonly port: number }
  /** Free, but nearer to a neighbour than the group wants. */
  | { readonly kind: "crowded"; readonly port: number }
  | { readonly kind: "full" };

/**
 * The lowest port of the group that no service and no static entry holds and no entry declares on any node by any protocol, with the group's distance to
 * those that are taken, also beyond the group's ends; without the distance where no port has it.
 */
export function nextFree({ ports, spacing }: PortGroup, survey: PortSurvey): NextFree {
  const taken = takenNear({ first: ports.first - spacing, last: ports.last + spacing }, survey);
  const isClear = (port: number, distance: number) =>
    !taken.some((range) => isWithin(port, { first: range.first - distance + 1, last: range.last + distance - 1 }));
  let crowded: number | undefined;
  for (let port = ports.first; port <= ports.last; port += 1) {
    if (isClear(port, spacing)) return { kind: "found", port };
    if (crowded === undefined && isClear(port, 1)) crowded = port;
  }
  return crowded === undefined ? { kind: "full" } : { kind: "crowded", port: crowded };
}

/** What services or static entries hold or entries declare on any node by any protocol, as far as it touches these ports. */
export function takenNear(near: PortRange, { ledger, registrations, statics }: PortSurvey): readonly PortRange[] {
  const held = [...registrations.values()].flatMap((there) => {
    const holder = there.find(({ isInside }) => !isInside);
    return holder === undefined ? [] : [{ first: holder.port, last: holder.port }];
  });
  const fixed = statics.map(({ port }) => ({ first: port, last: port }));
  return [...ledger.entries.map(({ ports }) => ports), ...held, ...fixed].filter(
    (range) => intersection(range, near) !== undefined,
  );
}
