/** The key of what has its name within a namespace: a service by its ID, a job. */
export function keyOf(namespace: string, name: string): string {
  return `${namespace}\0${name}`;
}

/** The key of one version of a job. */
export function versionKeyOf(namespace: string, job: string, version: number): string {
  return `${keyOf(namespace, job)}\0${version}`;
}

/** What can be watched: each table, and each group of rows in it. */
export const GROUP = {
  namespace: (namespace: string) => `services/${namespace}`,
  service: (namespace: string, service: string) => `services/${keyOf(namespace, service)}`,
  allocation: (id: string) => `allocations/one/${id}`,
  allocationsOf: (namespace: string, job: string) => `allocations/of/${keyOf(namespace, job)}`,
  allocationsOn: (node: string) => `allocations/on/${node}`,
  deploymentsOf: (namespace: string, job: string) => `deployments/of/${keyOf(namespace, job)}`,
  job: (namespace: string, job: string) => `jobs/one/${keyOf(namespace, job)}`,
} as const;
