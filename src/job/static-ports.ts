import { serviceKey } from "../core/catalog/snapshot.ts";
import { type ClientPorts, isReserved } from "../core/ports/dynamic-range.ts";
import { BALANCER_PORTS } from "../core/ports/inventory/asking/verdict.ts";
import {
  coversAnywhere,
  entryCovers,
  type Ledger,
  type LedgerEntry,
  PROTOCOLS,
  type Protocol,
} from "../core/ports/ledger/ledger.ts";
import { isOwner, ownerName } from "../core/ports/ledger/owner.ts";
import { scopeAt } from "../core/ports/ledger/scope.ts";
import { formatRange, isWithin } from "../core/ports/port-range.ts";
import { type PortSurvey, registrationsAt } from "../core/ports/survey.ts";
import { type JobFinding, portPlace } from "./finding.ts";
import type { Group, Job, JobPort } from "./job.ts";
import { isConstrained, namedNodes, placedOn } from "./job-nodes.ts";

/** By what static ports are judged. */
export interface PortsKnown {
  /** Without what the job itself has registered. */
  readonly survey: PortSurvey;
  /** Of the Nomads that were asked. */
  readonly clients: readonly ClientPorts[];
}

/** A static port with whom it would belong to. */
interface Wanted {
  readonly job: Job;
  readonly group: Group;
  readonly asked: JobPort;
  readonly port: number;
  readonly protocols: readonly Protocol[];
  /** Names by which the ledger may call its owner. */
  readonly owners: readonly string[];
  /** Empty where it is registered in a catalog without any. */
  readonly namespace: string;
  /** On which it may be placed, as far as any is known. */
  readonly nodes: readonly string[];
}

/** May the static ports of a job be where they are wanted? Each against the ledger and all that is registered. */
export function judgeStaticPorts(job: Job, known: PortsKnown): readonly JobFinding[] {
  return job.groups.flatMap((group) =>
    group.ports.flatMap((asked) => {
      if (asked.static === undefined) return [];
      const wanted = {
        ...{ job, group, asked, port: asked.static, protocols: protocolsOf(group, asked) },
        ...{ owners: ownersOf(job, group, asked), namespace: namespaceOf(job, group, asked) },
        nodes: namedNodes(job, group) ?? [...known.survey.nodes.keys()],
      };
      return [...judgeHolders(wanted, known.survey), ...judgeDynamic(wanted, known)];
    }),
  );
}

/** Nomad gives both; tags of the services there say which of them is used. */
function protocolsOf({ services }: Group, { label }: JobPort): readonly Protocol[] {
  const tags = services.filter(({ portLabel }) => portLabel === label).flatMap((one) => one.tags);
  const speaks = (pattern: RegExp) => tags.some((tag) => pattern.test(tag));
  const used = PROTOCOLS.filter((protocol) =>
    protocol === "udp" ? speaks(/^[^.=]+\.udp\./i) : speaks(/^[^.=]+\.(?:tcp|http)\./i),
  );
  return used.length === 0 ? PROTOCOLS : used;
}

/** Its services; a port without any may be called as the job, the group or the task. */
function ownersOf({ id }: Job, group: Group, { label, task }: JobPort): readonly string[] {
  const services = group.services.filter(({ portLabel }) => portLabel === label).map(({ name }) => name);
  const tasks = task === undefined ? group.tasks.map(({ name }) => name) : [task];
  return [...new Set(services.length > 0 ? services : [...tasks, group.name, id])];
}

function namespaceOf({ namespace }: Job, { services, consulNamespace }: Group, { label }: JobPort): string {
  const isInNomad = services.some(({ portLabel, provider }) => portLabel === label && provider === "nomad");
  return isInNomad ? namespace : consulNamespace;
}

function judgeHolders(wanted: Wanted, survey: PortSurvey): readonly JobFinding[] {
  const { port, protocols, owners, nodes } = wanted;
  const { ledger } = survey;
  const isOwn = (entry: LedgerEntry) =>
    owners.some((service) => isOwner(entry, { service, namespace: wanted.namespace }));
  const spoken = ledger.entries.filter((entry) =>
    protocols.some((protocol) => coversAnywhere(entry, { port, protocol })),
  );
  const own = spoken.filter(isOwn);
  const foreign = spoken.filter((entry) => !isOwn(entry));
  const covers = (entry: LedgerEntry, node: string) =>
    protocols.some((protocol) => entryCovers(entry, { port, protocol, node }));
  // Taken anywhere is taken everywhere.
  const isOfCluster = protocols.some((protocol) => scopeAt({ port, protocol }, ledger, survey.dynamic) === "cluster");
  const foreignOn = (node: string) => foreign.filter((entry) => isOfCluster || covers(entry, node));
  const heldAmong = (among: readonly string[]) =>
    among
      .flatMap((node) => protocols.flatMap((protocol) => registrationsAt(survey, { port, protocol, node })))
      .filter(({ instance, isInside }) => !isInside && !owners.includes(instance.service));
  const heldAnywhere = isOfCluster ? heldAmong([...survey.nodes.keys()]) : undefined;
  const heldOn = (node: string) => heldAnywhere ?? heldAmong([node]);
  const isFree = (node: string) => foreignOn(node).length === 0 && heldOn(node).length === 0;
  const isDeclared = (node: string) => own.some((entry) => covers(entry, node));

  const free = nodes.filter(isFree);
  const said = [
    ...new Set([
      ...nodes.flatMap((node) => foreignOn(node).map(declaredFor)),
      ...nodes.flatMap(heldOn).map(({ instance, node }) => `registered by ${serviceKey(instance)} on ${node}`),
      ...(nodes.length === 0 ? foreign.map(declaredFor) : []),
    ]),
  ];
  if (said.length > 0 && free.length === 0) return [taken(wanted, said, survey)];
  if (said.length > 0) return [nodesMatter(wanted, said, free)];
  if (own.length > 0) {
    const declared = nodes.filter(isDeclared);
    if (declared.length === nodes.length) return [];
    return [nodesMatter(wanted, own.map(declaredFor), declared)];
  }
  if (
    BALANCER_PORTS.includes(port) &&
    ledger.ingress.length > 0 &&
    !nodes.every((node) => ledger.ingress.includes(node))
  ) {
    return [taken(wanted, [`the load balancer's, on ${ledger.ingress.join(", ")}`], survey)];
  }
  return ledger.file === undefined ? [] : [undeclared(wanted, ledger, ledger.file)];
}

function declaredFor(entry: LedgerEntry): string {
  const where = entry.nodes === undefined ? "" : ` on ${entry.nodes.join(", ")}`;
  return `declared for ${ownerName(entry)}${where}: ${entry.purpose} (${entry.origin})`;
}

/** What lets Nomad pick the port. */
function dynamicPort({ asked, port }: Wanted): readonly string[] {
  return [`port ${JSON.stringify(asked.label)} {`, `  to = ${asked.to > 0 ? asked.to : port}`, "}"];
}

function taken(wanted: Wanted, said: readonly string[], { dynamic }: PortSurvey): JobFinding {
  const isIngress = BALANCER_PORTS.includes(wanted.port);
  // Ledger and survey know ports by node; at another address of it both can listen.
  const isElsewhere = wanted.asked.hostNetwork !== "";
  return {
    code: "JOB_PORT_TAKEN",
    severity: isElsewhere ? "warning" : "error",
    place: portPlace(wanted.group, wanted.asked),
    message: `static port ${wanted.port} is ${said.join("; ")}, on every node where the job may be placed`,
    remedy: isIngress
      ? "users reach it through the load balancer, which has 80 and 443: let Nomad pick the port, and ask for a route by tags"
      : `let Nomad pick the port from ${formatRange(dynamic)}`,
    lines: dynamicPort(wanted),
  };
}

function nodesMatter(wanted: Wanted, said: readonly string[], good: readonly string[]): JobFinding {
  const { job, group, asked, port } = wanted;
  // By what the nodes are chosen then is not known here.
  const isChosen = isConstrained(job, group);
  return {
    code: "JOB_PORT_NODES",
    severity: isChosen ? "info" : "warning",
    place: portPlace(group, asked),
    message: `static port ${port} is ${said.join("; ")}, and ${isChosen ? "where the job's constraints place it is not known" : "the job may be placed on any node"}`,
    remedy:
      good.length === 0
        ? "constrain the group to a node where it is declared"
        : "constrain the group to the nodes that are right",
    ...(good.length === 0 ? {} : { lines: placedOn(good) }),
  };
}

function undeclared(wanted: Wanted, { range }: Ledger, file: string): JobFinding {
  const { port, protocols, owners } = wanted;
  const [protocol] = protocols;
  const udp = protocols.length === 1 && protocol === "udp" ? ", protocol: udp" : "";
  const line = `- { ports: ${port}${udp}, owner: ${JSON.stringify(owners[0])}, exposure: internal, purpose: … }`;
  const isOutside = range !== undefined && !isWithin(port, range);
  return {
    code: "JOB_PORT_UNDECLARED",
    severity: "warning",
    place: portPlace(wanted.group, wanted.asked),
    message: `static port ${port} is not in the ledger, so that nothing keeps others from it`,
    remedy: isOutside
      ? `let Nomad pick the port, or take one of the ledger's range ${formatRange(range)}`
      : `let Nomad pick the port, or declare it in ${file}, under ports:`,
    ...(isOutside ? {} : { lines: [line] }),
  };
}

/** Inside the dynamic range Nomad may have given the port to any other allocation. */
function judgeDynamic(wanted: Wanted, { survey, clients }: PortsKnown): readonly JobFinding[] {
  const { port, nodes } = wanted;
  if (!isWithin(port, survey.dynamic)) return [];
  const concerned = clients.filter(({ node }) => nodes.includes(node) || nodes.length === 0);
  const reserving = concerned.filter((client) => isReserved([{ first: port, last: port }], client));
  const isRefused = concerned.length > 0 && reserving.length === concerned.length;
  const where = `static port ${port} lies in the dynamic range ${formatRange(survey.dynamic)}`;
  return [
    {
      code: "JOB_PORT_DYNAMIC",
      severity: isRefused ? "error" : "warning",
      place: portPlace(wanted.group, wanted.asked),
      message: isRefused
        ? `${where} and in reserved_ports of every client that Nomad tells, so that Nomad places the job nowhere`
        : `${where}: where Nomad has given it to another allocation, the job is not placed, nor where reserved_ports of the client has it`,
      remedy: "let Nomad pick the port, or take one outside of that range",
      lines: dynamicPort(wanted),
    },
  ];
}
