/** Parts of a job as Nomad's API has it; what is left out is null or missing there, too. */
type Part = Readonly<Record<string, unknown>>;

const SECOND = 1e9;

/** A service that is routed by its default rule, with a check. */
export function jobService(name: string, fields: Part = {}): Part {
  return {
    ...{ Name: name, Provider: "consul", PortLabel: "http", Tags: ["traefik.enable=true"], CanaryTags: null },
    ...{ Checks: [{ Type: "http", Path: "/health", Interval: 10 * SECOND, Timeout: 2 * SECOND }] },
    ...fields,
  };
}

/** A group of two with a dynamic port `http`, that leaves the catalog before it ends. */
export function jobGroup(services: readonly Part[], fields: Part = {}): Part {
  return {
    ...{
      Name: "app",
      Count: 2,
      Networks: [{ DynamicPorts: [{ Label: "http", Value: 0, To: 0 }], ReservedPorts: null }],
    },
    ...{ Services: services, ShutdownDelay: 5 * SECOND, Tasks: [{ Name: "server", Services: null }] },
    ...fields,
  };
}

/** Nothing is wrong with it. */
export function jobOf(groups: readonly Part[] = [jobGroup([jobService("web")])], fields: Part = {}): Part {
  return { ID: "shop", Name: "shop", Type: "service", Namespace: null, Region: null, TaskGroups: groups, ...fields };
}

/** The network of a group with one static port. */
export function staticPort(port: number, label = "http"): Part {
  return { Networks: [{ ReservedPorts: [{ Label: label, Value: port, To: 0 }], DynamicPorts: null }] };
}

/** What Nomad fills in in names and tags. */
export function filledBy(name: string): string {
  return `\${${name}}`;
}
