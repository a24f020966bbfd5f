import type { Group, JobPort, JobService } from "./job.ts";

/** The port that Nomad registers for a service. */
export type ServicePort =
  | { readonly kind: "registered"; readonly port: number; readonly asked?: JobPort }
  /** It names none, and is registered without one. */
  | { readonly kind: "none" }
  /** Nomad refuses the job. */
  | { readonly kind: "unknown" };

/**
 * | the service's port | its address is the node's | its container's (`address_mode` `driver`, `alloc`) |
 * |---|---|---|
 * | a label | the port on the node | the port inside of the allocation, `to` |
 * | a number | that | that |
 * | empty | none | none |
 *
 * @param onNode the port on the node by its label
 */
export function servicePort(
  { portLabel, addressMode }: JobService,
  { ports }: Group,
  onNode: ReadonlyMap<string, number>,
): ServicePort {
  if (portLabel === "") return { kind: "none" };
  const asked = ports.find(({ label }) => label === portLabel);
  if (asked === undefined) {
    const port = /^[0-9]{1,5}$/.test(portLabel) ? Number(portLabel) : 0;
    return port > 0 && port <= 65_535 ? { kind: "registered", port } : { kind: "unknown" };
  }
  const isInside = isContainerAddress(addressMode) && asked.to > 0;
  return { kind: "registered", asked, port: isInside ? asked.to : (onNode.get(portLabel) ?? asked.to) };
}

/** Is the service registered with an address inside of its allocation, rather than with its node's? */
export function isContainerAddress(addressMode: string): boolean {
  return addressMode === "driver" || addressMode === "alloc";
}
