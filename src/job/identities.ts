import { groupPlace, type JobFinding, servicePlace } from "./finding.ts";
import type { Group, Identity, Job } from "./job.ts";

/** For whom Consul's auth method for Nomad takes a JWT, as `nomad setup consul` and docs/identity.md make it. */
const CONSUL_AUDIENCE = "consul.io";

/** What Consul was found to say of its ACLs. */
export type AclState = "on" | "off" | "unknown";

/** Can Consul take the identities of the job? */
export function judgeIdentities(job: Job, acls: AclState): readonly JobFinding[] {
  return job.groups.flatMap((group) =>
    identitiesOf(group).flatMap(({ identity, place }) => {
      const isFor = identity.audience.includes(CONSUL_AUDIENCE);
      return [...(isFor ? [] : [wrongAudience(place, identity)]), ...(acls === "on" ? [] : [needsAcls(place, acls)])];
    }),
  );
}

/** Those for Consul: of a service of its, and of a task by their name or audience. */
function identitiesOf(group: Group): readonly { readonly place: string; readonly identity: Identity }[] {
  return [
    ...group.services.flatMap((service) =>
      service.identity === undefined || service.provider !== "consul"
        ? []
        : [{ place: `${servicePlace(group, service)}, identity`, identity: service.identity }],
    ),
    ...group.tasks.flatMap(({ name, identities }) =>
      identities
        .filter((one) => one.name.startsWith("consul_") || one.audience.includes(CONSUL_AUDIENCE))
        .map((identity) => ({ place: `${groupPlace(group)}, task ${name}, identity ${identity.name}`, identity })),
    ),
  ];
}

function wrongAudience(place: string, { audience }: Identity): JobFinding {
  return {
    code: "JOB_IDENTITY_AUDIENCE",
    severity: "warning",
    place,
    message: `found ${audience.length === 0 ? "no audience" : `the audience ${audience.map((one) => JSON.stringify(one)).join(", ")}`}; Consul's auth method takes ${JSON.stringify(CONSUL_AUDIENCE)}, unless its BoundAudiences say otherwise`,
    remedy: "in the identity:",
    lines: [`aud = [${JSON.stringify(CONSUL_AUDIENCE)}]`],
  };
}

function needsAcls(place: string, acls: AclState): JobFinding {
  const isOff = acls === "off";
  return {
    code: "JOB_IDENTITY_NEEDS_ACLS",
    severity: isOff ? "error" : "info",
    place,
    message: isOff
      ? "Consul's ACLs are off, and it refuses every identity (401): the task does not start"
      : "where Consul's ACLs are off it refuses every identity (401), and the task does not start; Consul was not asked",
    remedy: isOff
      ? "remove the identity block; consul {} alone does no harm"
      : 'consul acl policy list says "ACL support disabled" where they are off: remove the identity block there',
  };
}
