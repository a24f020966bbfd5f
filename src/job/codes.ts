/** What each finding about a job means, beside the diagnostics of its services. docs/before-deploying.md has them. */
export const JOB_CODES = {
  JOB_CATALOG_UNREAD: "a service asks for a route and is registered where the settings chart nothing",
  JOB_CHECK_INVALID: "Nomad refuses a check: no such port, no path, no interval, a type that its provider lacks",
  JOB_CHECK_MISSING: "a routed service has no check: requests reach it before it listens, and when it has failed",
  JOB_CONTAINER_ADDRESS:
    "a routed service is registered with the address of its container, which Traefik may not reach",
  JOB_DEPLOY_GAP: "a new version leaves a moment without any instance",
  JOB_FILLED_IN: "a name or tag holds what only Nomad can fill in: something else stood there for the judgement",
  JOB_HOST_NETWORK: "a routed service has its address in a network that only the client's configuration knows",
  JOB_IDENTITY_AUDIENCE: "an identity for Consul is for another audience than its auth method's",
  JOB_IDENTITY_NEEDS_ACLS: "a job with an identity for Consul does not start where Consul's ACLs are off",
  JOB_MESH: "a routed service is in Consul's mesh, and Traefik reaches it past the mesh",
  JOB_PORT_DYNAMIC: "a static port lies where Nomad hands out ports",
  JOB_PORT_NODES: "a static port is declared for some nodes, or taken on some, and the job may be placed on others",
  JOB_PORT_TAKEN: "a static port is declared for another owner, or registered by one, wherever the job may be placed",
  JOB_PORT_UNDECLARED: "a static port is not in the ledger",
  JOB_PORT_UNKNOWN: "a service names a port that its group does not have: Nomad refuses the job",
  JOB_SHORT_LIVED: "a routed service is one of a job that ends, or that runs at times only",
  JOB_SHUTDOWN_DELAY: "a routed service is stopped before Traefik knows that it leaves: requests are answered with 502",
} as const;

export type JobCode = keyof typeof JOB_CODES;
