import { z } from "zod";
import type { Protocol } from "../../core/ports/ledger/ledger.ts";
import type { ObservedPort } from "../../core/ports/observed-port.ts";

/** The observed services of a cluster, or what is wrong with what was given for them, to follow the file's name. */
export type ObservedServices =
  | { readonly kind: "sound"; readonly ports: readonly ObservedPort[] }
  | { readonly kind: "refused"; readonly reason: string };

/** What prints such a list. */
const COMMAND = "kubectl get svc -A -o json";

const portSchema = z.object({
  port: z.number(),
  nodePort: z.number().int().min(0).max(65_535).optional(),
  protocol: z.string().default("TCP"),
  targetPort: z.union([z.number(), z.string()]).optional(),
});

const serviceSchema = z.object({
  kind: z.literal("Service").optional(),
  metadata: z.object({ name: z.string().min(1), namespace: z.string().default("default") }),
  spec: z.object({
    ports: z.array(portSchema).nullish(),
    healthCheckNodePort: z.number().int().min(0).max(65_535).optional(),
  }),
});

const kindSchema = z.object({ kind: z.string(), items: z.array(z.object({ kind: z.string().optional() })).optional() });

const PROTOCOLS: ReadonlyMap<string, Protocol> = new Map([
  ["TCP", "tcp"],
  ["UDP", "udp"],
]);

/**
 * The ports that a Kubernetes cluster has open on each of its nodes, of the services of `kubectl get svc -A -o json`: those of
 * the types NodePort and LoadBalancer, each with the port of the pods behind it where it is a number, and the port by which a
 * load balancer asks for a node's health. SCTP is left out: the ledger has none.
 *
 * Source: Kubernetes API, `ServiceList`, `ServicePort`.
 */
export function readObservedServices(text: string): ObservedServices {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return refused(text.trim() === "" ? "it is empty" : "it is no JSON");
  }
  const outer = kindSchema.safeParse(content);
  if (!outer.success) return refused("it is no list of Kubernetes");
  const { kind, items = [] } = outer.data;
  const other = [kind === "Service" || kind === "List" ? undefined : kind.replace(/List$/, "")]
    .concat(items.map((item) => item.kind))
    .find((one) => one !== undefined && one !== "Service");
  if (other !== undefined) return refused(`it lists ${JSON.stringify(other.slice(0, 80))}, and services are allowed`);
  const parsed = z.array(serviceSchema).safeParse(kind === "Service" ? [content] : itemsOf(content));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return refused(`${["items", ...(issue?.path ?? [])].join(".")} is not what a service of Kubernetes has there`);
  }
  return { kind: "sound", ports: parsed.data.flatMap(portsOf) };
}

function itemsOf(content: unknown): unknown {
  return typeof content === "object" && content !== null ? Reflect.get(content, "items") : undefined;
}

function portsOf({ metadata, spec }: z.infer<typeof serviceSchema>): readonly ObservedPort[] {
  const whose = { service: metadata.name, namespace: metadata.namespace };
  const { ports, healthCheckNodePort = 0 } = spec;
  return [
    ...(ports ?? []).flatMap(({ nodePort = 0, protocol: name, targetPort, port }) => {
      const protocol = PROTOCOLS.get(name);
      if (nodePort === 0 || protocol === undefined) return [];
      const leadsTo = targetPort ?? port;
      return [
        { ...whose, port: nodePort, protocol, ...(typeof leadsTo === "number" && leadsTo > 0 ? { leadsTo } : {}) },
      ];
    }),
    ...(healthCheckNodePort === 0 ? [] : [{ ...whose, port: healthCheckNodePort, protocol: "tcp" as const }]),
  ];
}

function refused(reason: string): ObservedServices {
  return { kind: "refused", reason: `${reason}; give it what this prints: ${COMMAND}` };
}
