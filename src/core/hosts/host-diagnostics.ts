import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import { diagnose, type Finding } from "../diagnostics/finding.ts";
import { type Claimant, takesAll } from "./claimant.ts";
import type { Refusal } from "./resolve-host-conflicts.ts";

/** Tells both sides: who asked for too much, and whose it is. */
export function tellOfClaims(
  refused: ReadonlyMap<Claimant, Refusal>,
  shadowed: ReadonlyMap<Claimant, Claimant>,
): readonly Diagnostic[] {
  return [...refused]
    .sort(([a], [b]) => (a.key < b.key ? -1 : 1))
    .flatMap(([claimant, refusal]) => [...tellLoser(claimant, refusal), ...tellWinner(claimant, refusal)])
    .concat([...shadowed].sort(([a], [b]) => (a.key < b.key ? -1 : 1)).flatMap(tellShadowed));
}

function tellLoser(claimant: Claimant, refusal: Refusal): readonly Diagnostic[] {
  const finding = findingOf(claimant, refusal);
  return claimant.instances.map((instance) => diagnose(instance, finding));
}

function findingOf({ key, protocol, entryPoints, rank }: Claimant, { winner, why }: Refusal): Finding {
  const whom = ownerOf(winner);
  switch (why.kind) {
    case "taken":
      return {
        code: "HOST_TAKEN",
        message: `${key} asks for the host ${JSON.stringify(why.host)}, which belongs to ${whom}${winner.kind === "absent" ? " and is kept for it" : ""}`,
        remedy:
          "choose another host; services of one Nomad job or of one namespace may share a host, and a policy may grant it",
      };
    case "covers":
      return {
        code: "SHADOWS_OWNED_HOST",
        message: `${key} would take all requests of ${winner.key} at ${JSON.stringify(why.host)} from ${whom}`,
        remedy: `narrow the rule, by a longer path for example, or give the router a priority below ${winner.rank}`,
      };
    case "set":
      return {
        code: "HOST_TAKEN",
        message: `${key} asks for all that ${winner.key} of ${whom} takes${entryPoints.length === 0 ? "" : ` at ${entryPoints.join(", ")}`}`,
        remedy: "choose another rule or another entry point",
      };
    case "outranks":
      return {
        code: "SHADOWS_OWNED_HOST",
        message: `${key} matches ${winner.hosts.length === 1 ? `the host ${JSON.stringify(winner.hosts[0])}` : "hosts"} of ${whom} and comes before ${winner.key}, ${protocol === winner.protocol ? `with priority ${rank} to ${winner.rank}` : "as TCP before HTTP"}`,
        remedy:
          winner.protocol === protocol
            ? `name the hosts of the rule, or give the router a priority below ${winner.rank}`
            : "name the hosts of the rule, or listen at an entry point of its own",
      };
  }
}

/** One note is enough for the one who need not do anything. */
function tellWinner({ key, service }: Claimant, { winner }: Refusal): readonly Diagnostic[] {
  const [newest] = winner.instances;
  if (newest === undefined || winner.kind !== "service") return [];
  const finding = {
    code: "CLAIM_CONTESTED",
    message: `${winner.key} is untouched, but ${key} of service ${JSON.stringify(service)} asked for what it takes, and was left out`,
    remedy: "nothing, unless the other one is right",
  } as const;
  return [diagnose(newest, finding)];
}

function tellShadowed([claimant, broad]: readonly [Claimant, Claimant]): readonly Diagnostic[] {
  const finding = {
    code: "HOST_SHADOWED",
    message: `${claimant.key} ${takesAll(broad, claimant) ? "gets no request" : "does not get all requests"}: ${broad.key} of ${ownerOf(broad)}, which was there before, matches its host with priority ${broad.rank} to ${claimant.rank}`,
    remedy: `give the router a priority above ${broad.rank}, or ask for another host`,
  } as const;
  return claimant.instances.map((instance) => diagnose(instance, finding));
}

function ownerOf({ kind, service }: Claimant): string {
  return kind === "operator" ? `the operator, in ${service}` : `service ${JSON.stringify(service)}`;
}
