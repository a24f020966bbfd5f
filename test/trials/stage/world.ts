import type { CatalogClient } from "../../support/catalog-client.ts";

/** One registered instance. Consul keeps the former value of what is left out. */
export interface Registration {
  readonly service: string;
  /** Default: the service's name. */
  readonly id?: string;
  readonly node?: string;
  /** Of a Nomad. Default: its own default. */
  readonly namespace?: string;
  readonly port: number;
  readonly tags?: readonly string[];
  readonly status?: "passing" | "warning" | "critical";
  /** The node's address stays what it is; else it is 127.0.0.1 afterwards. */
  readonly keepsAddress?: true;
}

/** The host by which requests reach a service. */
export function hostOf(service: string): string {
  return `${service}.test`;
}

/** A router of the service's name for its host. */
export function tagsOf(service: string): readonly string[] {
  return ["traefik.enable=true", `traefik.http.routers.${service}.rule=Host(\`${hostOf(service)}\`)`];
}

/** Registers an instance with a check of its own, as an agent would. */
export async function register(catalog: CatalogClient, registration: Registration): Promise<void> {
  const { service, id = service, node = "node-1", port, tags = tagsOf(service), status = "passing" } = registration;
  const ofNamespace = registration.namespace === undefined ? {} : { Namespace: registration.namespace };
  await catalog.register({
    Node: node,
    Address: "127.0.0.1",
    ...(registration.keepsAddress && { SkipNodeUpdate: true }),
    Service: { ID: id, Service: service, Port: port, Tags: tags, ...ofNamespace },
    Check: { CheckID: `check-${id}`, Name: `${id} answers`, Status: status, ServiceID: id },
  });
}

/** The service that has nothing to do with any fault. */
export const INNOCENT = "innocent";

/** Others that must not get lost; with the innocent ten, so that the guards' shares and counts matter. */
export const BYSTANDERS: readonly string[] = Array.from({ length: 9 }, (_, number) => `bystander-${number + 1}`);
