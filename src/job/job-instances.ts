import type { Catalog, Check, ServiceInstance } from "../core/catalog/snapshot.ts";
import { type PortSettings, undeclaredDynamicPorts } from "../core/ports/port-settings.ts";
import type { AskedService } from "./asked-service.ts";
import { fillIn, knownTexts } from "./file/filled-in.ts";
import type { Group, Job, JobService } from "./job.ts";
import { namedNodes } from "./job-nodes.ts";
import { servicePort } from "./service-port.ts";

/** How what a job asks for becomes what would be registered. */
export interface Registering {
  readonly ports: PortSettings;
  /** Ports that are registered somewhere. */
  readonly taken: ReadonlySet<number>;
  /** The kinds of catalogs that are charted. */
  readonly charted: ReadonlySet<Catalog>;
  /** A node where the ledger declares this port for this service; undefined where it may be anywhere. */
  declaredNode(service: string, port: number): string | undefined;
  /** Completes an instance of this kind of catalog by what is not known of it. */
  register(catalog: Catalog, stated: Partial<ServiceInstance> & Pick<ServiceInstance, "service">): ServiceInstance;
}

/** Every service of the job as Nomad would register it for one healthy allocation of its group. */
export function askedServices(job: Job, how: Registering): readonly AskedService[] {
  const free = freePorts(how);
  return job.groups.flatMap((group, position) => {
    const onNode = new Map(group.ports.map((port) => [port.label, port.static ?? free()]));
    return group.services.map((service) => askedService({ job, group, service, position, onNode }, how));
  });
}

/** Ports that Nomad could pick, each another one. */
function freePorts({ ports, taken }: Registering): () => number {
  const candidates = undeclaredDynamicPorts(ports);
  return () => {
    let port = candidates.next().value;
    while (port !== undefined && taken.has(port)) port = candidates.next().value;
    return port ?? ports.dynamic.last;
  };
}

interface Asking {
  readonly job: Job;
  readonly group: Group;
  readonly service: JobService;
  /** Of the group in the job. */
  readonly position: number;
  readonly onNode: ReadonlyMap<string, number>;
}

function askedService({ job, group, service, position, onNode }: Asking, how: Registering): AskedService {
  const port = servicePort(service, group, onNode);
  const known = knownTexts(job, group, service, onNode);
  const filled = (texts: readonly string[]) => texts.map((one) => fillIn(one, known));
  const name = fillIn(service.name, known);
  const tags = filled(service.tags);
  const hasCanary = group.update.canary > 0 && service.canaryTags.length > 0;
  const canaryTags = hasCanary ? filled(service.canaryTags) : [];
  const assumed = [...new Set([name, ...tags, ...canaryTags].flatMap((one) => one.assumed))];
  const asked = { job, group, service: { ...service, name: name.text }, port, assumed };
  if (port.kind === "unknown" || !how.charted.has(service.provider)) return asked;
  const isNomad = service.provider === "nomad";
  const number = port.kind === "registered" ? port.port : 0;
  const node = namedNodes(job, group)?.[0] ?? how.declaredNode(name.text, number);
  const register = (texts: readonly string[], isCanary: boolean): ServiceInstance =>
    how.register(service.provider, {
      service: name.text,
      id: idOf(asked, isCanary ? `f${position}` : `${position}`),
      namespace: isNomad ? job.namespace : group.consulNamespace,
      ...(isNomad ? { job: job.id } : {}),
      ...(node === undefined ? {} : { node }),
      ...addressOf(fillIn(service.address, known)),
      port: number,
      tags: texts,
      meta: service.meta,
      checks: isNomad ? [] : checksOf(service),
      allocation: {
        ...{ kind: "of-job", nomad: "here", namespace: job.namespace, job: job.id, group: group.name, isCanary },
        ...(isNomad ? { health: { status: "passing" } } : {}),
      },
    });
  return {
    ...asked,
    instance: register(
      tags.map(({ text }) => text),
      false,
    ),
    ...(hasCanary
      ? {
          canary: register(
            canaryTags.map(({ text }) => text),
            true,
          ),
        }
      : {}),
  };
}

/** As Nomad calls it. Services of one allocation are kin by its id. */
function idOf({ group, service }: Pick<AskedService, "group" | "service">, allocation: string): string {
  const owner = service.task ?? `group-${group.name}`;
  return `_nomad-task-00000000-0000-4000-8000-${allocation.padStart(12, "0")}-${owner}-${service.name}-${service.portLabel}`;
}

/** What only a node knows of its address is as good as nothing. */
function addressOf({ text, assumed }: ReturnType<typeof fillIn>): Pick<ServiceInstance, "address"> | undefined {
  return text === "" || assumed.length > 0 ? undefined : { address: text };
}

/** Consul has a check of each node's, too. */
function checksOf({ checks }: JobService): readonly Check[] {
  const ofNode: Check = { id: "serfHealth", name: "", status: "passing", ofNode: true };
  return [ofNode, ...checks.map(({ name }, position) => ({ id: `check-${position}`, name, status: "passing" }))];
}
