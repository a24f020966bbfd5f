import type { Claimant } from "../hosts/claimant.ts";
import type { Refusal } from "../hosts/conflicts/refusal.ts";
import { type ResourceKey, routerLabel } from "../traefik/chart/dynamic-config.ts";
import type { Rival } from "./answer.ts";
import type { Decided } from "./decided.ts";

/**
 * Who else asked for a router's name or for its hosts, and why each did or did not get it.
 *
 * @param service whose router it is, by its key
 */
export function rivalsOf(key: ResourceKey, service: string | undefined, { decision }: Decided): readonly Rival[] {
  const { merge, hosts } = decision.memory;
  const rivals: Rival[] = [];
  const resolution = merge?.contested.get(key);
  const isOther = (one: string) => one !== service;
  for (const { service: other } of resolution?.refused ?? []) {
    if (isOther(other))
      rivals.push({ router: routerLabel(key), owner: other, outcome: "refused", says: "asked for its name" });
  }
  for (const { service: other } of resolution?.sharing ?? []) {
    if (isOther(other)) {
      rivals.push({ router: routerLabel(key), owner: other, outcome: "shares", says: "means the same by its name" });
    }
  }
  const { owner, winner } = resolution ?? {};
  if (owner !== undefined && isOther(owner.service) && service !== undefined && winner?.service !== service) {
    rivals.push({ router: routerLabel(key), owner: owner.service, outcome: "preferred", says: "has the name" });
  }
  for (const [claimant, refusal] of hosts.refused) {
    if (claimant.key === key && claimant.service === service) {
      rivals.push(rival(refusal.winner, "preferred", whyPreferred(refusal)));
    } else if (refusal.winner.key === key && refusal.winner.service === service) {
      rivals.push(rival(claimant, "refused", whyRefused(refusal)));
    }
  }
  for (const [claimant, wide] of hosts.shadowed) {
    if (claimant.key === key) rivals.push(rival(wide, "shadows", "gets requests to its hosts first"));
  }
  return rivals;
}

function rival({ key, service }: Claimant, outcome: Rival["outcome"], says: string): Rival {
  return { router: routerLabel(key), owner: service, outcome, says };
}

function whyPreferred({ why, winner }: Refusal): string {
  const kept = winner.kind === "absent" ? ", and it is kept for it" : "";
  switch (why.kind) {
    case "host-taken":
      return `has the host ${why.host}${kept}`;
    case "takes-over-host":
      return `would lose all its requests at ${why.host}`;
    case "equal-set":
      return "asks for the same, and came first";
    case "comes-before":
      return "would lose requests to its hosts";
    case "names-host":
    case "other-tls-options":
      return `has the host ${why.host}, and a say in its TLS`;
  }
}

function whyRefused({ why }: Refusal): string {
  switch (why.kind) {
    case "host-taken":
      return `asked for the host ${why.host}`;
    case "takes-over-host":
      return `would have taken all requests at ${why.host}`;
    case "equal-set":
      return "asked for the same, and came later";
    case "comes-before":
      return "would have come before it";
    case "names-host":
      return `named the host ${why.host} without asking for it`;
    case "other-tls-options":
      return `asked for the host ${why.host} with other TLS options`;
  }
}
