import { allocationOf } from "../catalog/allocation.ts";
import type { ServiceInstance } from "../catalog/snapshot.ts";
import type { Diagnostic } from "../diagnostics/diagnostics.ts";
import { diagnose, type Finding } from "../diagnostics/finding.ts";
import { nameInText } from "../diagnostics/name-in-text.ts";
import { allowRemedy } from "../policy/allow.ts";
import { placeOf } from "../policy/write-rule.ts";
import type { Claimant } from "./claimant.ts";
import { takesAll } from "./claimant-overlap.ts";
import type { Refusal, Refusals } from "./conflicts/refusal.ts";
import type { GrantLines } from "./grant-lines.ts";

/**
 * The diagnostics for both sides of each conflict, in the order of the routers' keys: every instance whose router
 * is refused, the newest instance of the service that keeps its requests, and every instance whose router is shadowed.
 *
 * @param refused router that is left out → why
 * @param linesOf refused router → the lines of a policy with which it would be routed
 * @param shadowed router that stays → the older router with a wide rule that gets requests to its hosts first
 */
export function hostDiagnostics(
  refused: Refusals,
  shadowed: ReadonlyMap<Claimant, Claimant>,
  linesOf: ReadonlyMap<Claimant, GrantLines>,
): readonly Diagnostic[] {
  return [
    ...byKey(refused).flatMap(([claimant, refusal]) => [
      ...refusedRouter(claimant, refusal, linesOf),
      ...contested(claimant, refusal),
    ]),
    ...byKey(shadowed).flatMap(([claimant, wide]) => shadowedRouter(claimant, wide)),
  ];
}

function byKey<Value>(routers: ReadonlyMap<Claimant, Value>): readonly (readonly [Claimant, Value])[] {
  return [...routers].sort(([a], [b]) => (a.key < b.key ? -1 : 1));
}

function refusedRouter(
  claimant: Claimant,
  refusal: Refusal,
  linesOf: ReadonlyMap<Claimant, GrantLines>,
): readonly Diagnostic[] {
  const lines = linesOf.get(claimant);
  const opens = lines === undefined ? {} : { opens: { file: "policy" as const, rules: lines.rules } };
  const finding = { ...opens, ...findingOf(claimant, refusal, lines), leavesOut: claimant.key };
  return claimant.instances.map((instance) => diagnose(instance, finding));
}

function findingOf(claimant: Claimant, { winner, why }: Refusal, lines: GrantLines | undefined): Finding {
  const { key, protocol, entryPoints, priority } = claimant;
  const policy = lines === undefined ? "" : `; ${policyText(lines)}`;
  const owner = ownerText(winner);
  const move = moveText(winner);
  switch (why.kind) {
    case "host-taken":
      return {
        code: "HOST_TAKEN",
        message: `${key} asks for the host ${JSON.stringify(why.host)}, which belongs to ${owner}${winner.kind === "absent" ? " and is kept for it" : ""}`,
        remedy: `choose another host; ${sharingText(claimant, winner)}${policy || ", and a policy may grant it"}${move}`,
      };
    case "takes-over-host":
      return {
        code: "SHADOWS_OWNED_HOST",
        message: `${key} would take all requests of ${winner.key} at ${JSON.stringify(why.host)} from ${owner}`,
        remedy: `narrow the rule, by a longer path for example, give the router a priority below ${winner.priority}, or let it listen at entry points that ${nameInText(winner.key)} does not have${move}`,
      };
    case "equal-set":
      return {
        code: "HOST_TAKEN",
        message: `${key} asks for all that ${winner.key} of ${owner} takes${entryPoints.length === 0 ? "" : ` at ${entryPoints.join(", ")}`}`,
        remedy: `choose another rule or another entry point${policy}${move}`,
      };
    case "names-host":
      return {
        code: "HOST_TLS_TAKEN",
        message:
          why.where === "rule"
            ? `${key} names the host ${JSON.stringify(why.host)} of ${owner} in its rule without asking for it, and Traefik takes the TLS settings of each router that names a host`
            : `${key} names the host ${JSON.stringify(why.host)} of ${owner} in tls.domains, and Traefik would fetch a certificate for it on the router's behalf`,
        remedy: `leave the host out of ${why.where === "rule" ? "the rule" : why.where}${policy || ", or a policy may grant it"}`,
      };
    case "other-tls-options":
      return {
        code: "HOST_TLS_TAKEN",
        message: `${key} asks for the host ${JSON.stringify(why.host)} with other TLS options than ${winner.key} of ${owner}, and Traefik would use neither`,
        remedy: `give the router the TLS options ${JSON.stringify(winner.tls?.options ?? "default")}, which the settings have to open (allow), or let it listen at entry points that ${nameInText(winner.key)} does not have`,
      };
    case "comes-before":
      if (protocol !== winner.protocol) return tcpBeforeHttp(claimant, winner);
      return {
        code: "SHADOWS_OWNED_HOST",
        message: `${key} matches ${winner.hosts.length === 1 ? `the host ${JSON.stringify(winner.hosts[0])}` : "hosts"} of ${owner} and comes before ${winner.key}, with priority ${priority} to ${winner.priority}`,
        remedy: `name the hosts of the rule, or give the router a priority below ${winner.priority}${policy}`,
      };
  }
}

/** A TCP router takes what it matches before any HTTP router at an entry point is asked. */
function tcpBeforeHttp({ key, entryPoints, instances: [newest] }: Claimant, winner: Claimant): Finding {
  const where = entryPoints.length === 0 ? "the default entry points" : entryPoints.join(", ");
  const whose = `${winner.key} of ${ownerText(winner)}`;
  const ofWinner =
    winner.entryPoints.length === 0 && entryPoints.length > 0
      ? `where ${whose} may be asked, too, since it names no entry point`
      : `where ${whose} is asked, too`;
  const declare =
    winner.entryPoints.length === 0 && entryPoints.length > 0
      ? "; where Traefik gives other entry points to routers that name none, declare those in the settings (traefik.defaultEntryPoints)"
      : "";
  const remedy = `name the hosts of the rule, or listen at an entry point of its own, which the HTTP routers do not have${declare}`;
  const open = `${remedy}; where the entry point is the service's alone, open it in`;
  return {
    code: "SHADOWS_OWNED_HOST",
    message: `${key} would take what arrives at ${where}, ${ofWinner}, and comes before it, as TCP before HTTP`,
    ...(newest === undefined || entryPoints.length === 0 ? { remedy } : allowRemedy(open, newest, { entryPoints })),
  };
}

/**
 * Which services may share a host, and what is not known of these two. Consul does not tell the Nomad job of a service, so
 * that the groups of one job are strangers until a Nomad is asked.
 */
function sharingText({ instances: [one] }: Claimant, { instances: [other] }: Claimant): string {
  const both = [one, other].filter((instance) => instance !== undefined);
  const elsewhere = both.map(disbeliefText).find((text) => text !== undefined);
  if (both.some(({ job }) => job !== undefined) || both.every(({ allocation }) => allocation?.kind === "of-job")) {
    return "services of one Nomad job or of one namespace may share a host";
  }
  const isUntold = both.length === 2 && both.every(({ id }) => allocationOf(id) !== undefined);
  const why =
    elsewhere ??
    (isUntold
      ? 'Consul does not tell which Nomad job a service belongs to, so that the groups of one job count as strangers; a Nomad tells it that the settings name (schedulers: [{ address: "http://127.0.0.1:4646" }]) and whose token has read-job'
      : undefined);
  return `services of one allocation or of one namespace may share a host${why === undefined ? "" : `; ${why}`}`;
}

/** Why the allocation in an id counts for nothing, where that is so. */
function disbeliefText({ id, node, port, allocation }: ServiceInstance): string | undefined {
  if (allocation?.kind === "untold") {
    return `the Nomad that is asked for the allocation ${allocationOf(id)} in the service id ${JSON.stringify(id)} has not answered, so that the id counts for nothing yet; see allocations.untold in the log`;
  }
  if (allocation?.kind !== "elsewhere") return undefined;
  return `the allocation ${allocationOf(id)} in the service id ${JSON.stringify(id)} is not at port ${port} of ${nameInText(node)}, says Nomad at ${allocation.nomad}, so that the id counts for nothing`;
}

/** A service that is to take over from a file is refused until the file's lines are deleted: the order in which no request is lost. */
function moveText({ kind, service }: Claimant): string {
  return kind === "operator"
    ? `; where the service is to take over from ${nameInText(service)}, nothing yet: the file goes first until its lines are deleted, and when they may be says: portolan explain --legacy`
    : "";
}

/** What the lines of a policy are for, and where they belong. */
function policyText({ kind, services, text }: GrantLines): string {
  const names = services.map((service) => JSON.stringify(service)).join(", ");
  const what = {
    instead: `to give it to service ${names} instead, which takes it from the one that has it`,
    share: `to let ${services.length === 1 ? "service" : "the services"} ${names} have both host and path`,
    name: `to let service ${names} name it all the same`,
  }[kind];
  return `${what}, ${placeOf(text)}`;
}

/** One diagnostic is enough for a service that need not do anything. */
function contested({ key, service }: Claimant, { winner, why }: Refusal): readonly Diagnostic[] {
  const isAboutTls = why.kind === "names-host" || why.kind === "other-tls-options";
  const [newest] = winner.instances;
  if (newest === undefined || winner.kind !== "service") return [];
  const finding = {
    code: "CLAIM_CONTESTED",
    message: `${winner.key} is untouched, but ${key} of service ${JSON.stringify(service)} ${isAboutTls ? "would have had a say in the TLS of its host" : "asked for what it takes"}, and was left out`,
    remedy: "nothing, unless the other one is right",
  } as const;
  return [diagnose(newest, finding)];
}

function shadowedRouter(claimant: Claimant, wide: Claimant): readonly Diagnostic[] {
  if (wide.protocol !== claimant.protocol) return shadowedByTcp(claimant, wide);
  const finding = {
    code: "HOST_SHADOWED",
    message: `${claimant.key} ${takesAll(wide, claimant) ? "gets no request" : "does not get all requests"}: ${wide.key} of ${ownerText(wide)}, which was there before, matches its host with priority ${wide.priority} to ${claimant.priority}`,
    remedy: `give the router a priority above ${wide.priority}, or ask for another host`,
  } as const;
  return claimant.instances.map((instance) => diagnose(instance, finding));
}

function shadowedByTcp(claimant: Claimant, wide: Claimant): readonly Diagnostic[] {
  const where = wide.entryPoints.length === 0 ? "the default entry points" : wide.entryPoints.join(", ");
  const finding = {
    code: "HOST_SHADOWED",
    message: `${claimant.key} does not get what ${wide.key} of ${ownerText(wide)} takes at ${where}, as TCP before HTTP: that one was there before, or the settings open the entry point to it`,
    remedy: "let the router listen at entry points of HTTP",
  } as const;
  return claimant.instances.map((instance) => diagnose(instance, finding));
}

function ownerText({ kind, service }: Claimant): string {
  return kind === "operator" ? `the operator, in ${service}` : `service ${JSON.stringify(service)}`;
}
