import { PRODUCT_NAMES } from "../core/catalog/product-rules.ts";
import type { Catalog } from "../core/catalog/snapshot.ts";
import type { JudgedService } from "./asked-service.ts";
import { type JobFinding, servicePlace } from "./finding.ts";
import { isContainerAddress } from "./service-port.ts";

/** A catalog that the settings chart. */
export interface ChartedCatalog {
  readonly kind: Catalog;
  /** Read of it; `*` for all. Only of Nomad's. */
  readonly namespaces: readonly string[];
}

/** Would the service be found and reached, apart from its tags? */
export function judgeWhereabouts(judged: JudgedService, charted: readonly ChartedCatalog[]): readonly JobFinding[] {
  const { job, group, service, port, isAsking, assumed } = judged;
  const place = servicePlace(group, service);
  const findings: JobFinding[] = [];
  const add = (finding: Omit<JobFinding, "place">) => findings.push({ ...finding, place });
  if (port.kind === "unknown") {
    const labels = group.ports.map(({ label }) => label);
    add({
      code: "JOB_PORT_UNKNOWN",
      severity: "error",
      message: `found the port ${JSON.stringify(service.portLabel)}; allowed: ${labels.join(", ") || "none, since the group's network has no port"}`,
      remedy: "name a port of the group, or add one to its network:",
      lines: ["network {", `  port ${JSON.stringify(service.portLabel)} {}`, "}"],
    });
  }
  if (!isAsking) return findings;
  const unread = whyUnread(judged, charted);
  if (unread !== undefined) add({ code: "JOB_CATALOG_UNREAD", severity: "error", ...unread });
  if (assumed.length > 0) {
    add({
      code: "JOB_FILLED_IN",
      severity: "info",
      message: `only Nomad can fill in ${assumed
        .slice(0, MOST_NAMES)
        .map((name) => `\${${name}}`)
        .join(", ")}: a word stood there for this judgement`,
      remedy: "what it becomes is judged when it is registered: portolan explain SERVICE",
    });
  }
  const hostNetwork = port.kind === "registered" ? (port.asked?.hostNetwork ?? "") : "";
  if (hostNetwork !== "" && service.address === "") {
    add({
      code: "JOB_HOST_NETWORK",
      severity: "info",
      message: `its address is that of the host_network ${JSON.stringify(hostNetwork)}, which the client's configuration says: it was judged as one that the policy allows`,
      remedy: "portolan check tags --address IP judges it at its address",
    });
  }
  if (isContainerAddress(service.addressMode) && service.address === "") {
    add({
      code: "JOB_CONTAINER_ADDRESS",
      severity: "warning",
      message: `address_mode ${JSON.stringify(service.addressMode)} registers the container's own address and port, which Traefik reaches only inside that network`,
      remedy: "leave it out, or write:",
      lines: ['address_mode = "host"'],
    });
  }
  if (service.mesh === "sidecar" || service.mesh === "gateway") {
    const isNumber = port.kind === "registered" && port.asked === undefined;
    add({
      code: "JOB_MESH",
      severity: isNumber ? "warning" : "info",
      message: isNumber
        ? `port ${service.portLabel} is inside of the allocation, where only its proxy of Consul's mesh reaches it, and Traefik does not`
        : "is in Consul's mesh; Traefik reaches the service's own port, past the mesh's identities and intentions",
      remedy: isNumber ? "give it a port of the group's network, and name that:" : "nothing, where that is meant",
      ...(isNumber
        ? { lines: ["network {", '  mode = "bridge"', '  port "http" {', `    to = ${service.portLabel}`, "  }", "}"] }
        : {}),
    });
  }
  const short = whyShortLived(job);
  if (short !== undefined) add({ code: "JOB_SHORT_LIVED", severity: "warning", ...short });
  return findings;
}

const MOST_NAMES = 10;

function whyUnread(
  { job, service }: JudgedService,
  charted: readonly ChartedCatalog[],
): Pick<JobFinding, "message" | "remedy" | "lines"> | undefined {
  const own = charted.filter(({ kind }) => kind === service.provider);
  const product = PRODUCT_NAMES[service.provider];
  if (own.length === 0) {
    const other = service.provider === "nomad" ? "consul" : "nomad";
    return {
      message: `is registered in ${product}, and the settings chart ${PRODUCT_NAMES[other]} alone`,
      remedy: `chart ${product} (docs/settings.md), or write:`,
      lines: [`provider = ${JSON.stringify(other)}`],
    };
  }
  if (service.provider === "consul") return undefined;
  const namespaces = own.flatMap((one) => one.namespaces);
  if (namespaces.some((name) => name === "*" || name === job.namespace)) return undefined;
  return {
    message: `is registered in the namespace ${JSON.stringify(job.namespace)} of ${product}, and the settings read ${namespaces.join(", ")}`,
    remedy: "add the namespace to the settings:",
    lines: [`nomad: { namespace: [${[...namespaces, job.namespace].map((name) => JSON.stringify(name)).join(", ")}] }`],
  };
}

function whyShortLived({
  type,
  runs,
  isStopped,
}: JudgedService["job"]): Pick<JobFinding, "message" | "remedy"> | undefined {
  if (isStopped)
    return { message: "the job is stopped (Stop: true), and registers nothing", remedy: "nomad job start JOB" };
  if (runs !== undefined) {
    return {
      message: `the job runs ${runs}, and is registered only while it does`,
      remedy: "route a job of the type service, or none",
    };
  }
  if (type !== "batch" && type !== "sysbatch") return undefined;
  return {
    message: `a job of the type ${type} ends, and its route with it`,
    remedy: 'write type = "service", where it is meant to stay',
  };
}
