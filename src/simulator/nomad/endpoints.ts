import { type Answer, jsonAnswer, textAnswer } from "../api/answer.ts";
import type { NomadCatalog } from "./catalog.ts";
import { parseFilter } from "./filter.ts";
import { allocationsOfJob, allocationsOnNode, listAllocations, readAllocation } from "./queries/allocations.ts";
import { deploymentsOfJob, latestDeployment, listDeployments, readDeployment } from "./queries/deployments.ts";
import { readJob, readJobScale } from "./queries/jobs.ts";
import { listNamespaces } from "./queries/namespaces.ts";
import { listNodes, readNode } from "./queries/nodes.ts";
import type { NomadQuery } from "./queries/query.ts";
import { listServices, readService } from "./queries/services.ts";
import { ALL_NAMESPACES, mayReadJobs, mayReadSomeJobs, type Rights } from "./rights.ts";
import { isTerminal } from "./rows/allocation.ts";

/** A request for an endpoint, of a token that exists. */
export interface Asked {
  readonly catalog: NomadCatalog;
  /** What stands in the path for `:name`; empty where the endpoint has none. */
  readonly name: string;
  readonly params: URLSearchParams;
  /** Default of Nomad: `default`. */
  readonly namespace: string;
  readonly rights: Rights;
}

/** Gives a query, which may be waited for, or an answer at once. */
type Endpoint = (asked: Asked) => NomadQuery | Answer;

/** By path; `:name` is one part of it, percent-encoded. */
const ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  "/v1/services": ({ namespace, rights }) =>
    namespace === ALL_NAMESPACES || mayReadJobs(rights, namespace) ? listServices(namespace, rights) : denied(),
  "/v1/service/:name": ofJobs(({ name, namespace, params }) =>
    name === ""
      ? textAnswer(400, "missing service name")
      : readService(namespace, name, parseFilter(params.get("filter") ?? "")),
  ),
  "/v1/allocations": ({ namespace, params, rights }) =>
    mayList(namespace, rights)
      ? listAllocations(
          {
            namespace,
            prefix: params.get("prefix") ?? "",
            hasResources: params.get("resources") === "true",
            hasTaskStates: params.get("task_states") !== "false",
          },
          rights,
        )
      : denied(),
  "/v1/allocation/:name": ofAllocation(({ name }) => readAllocation(name)),
  "/v1/client/allocation/:name/checks": ofAllocation(checks),
  "/v1/job/:name": ofJobs(({ namespace, name }) => readJob(namespace, name)),
  "/v1/job/:name/allocations": ofJobs(({ namespace, name }) => allocationsOfJob(namespace, name)),
  "/v1/job/:name/deployment": ofJobs(({ namespace, name }) => latestDeployment(namespace, name)),
  "/v1/job/:name/deployments": ofJobs(({ namespace, name }) => deploymentsOfJob(namespace, name)),
  "/v1/job/:name/scale": ofJobs(({ namespace, name }) => readJobScale(namespace, name)),
  "/v1/deployments": ({ namespace, rights }) =>
    mayList(namespace, rights) ? listDeployments(namespace, rights) : denied(),
  "/v1/deployment/:name": ofJobs(({ namespace, name }) => readDeployment(namespace, name)),
  "/v1/nodes": ofNodes(({ params }) => listNodes(params.get("resources") === "true")),
  "/v1/node/:name": ofNodes(({ name }) => readNode(name)),
  "/v1/node/:name/allocations": ofNodes(({ name, rights }) => allocationsOnNode(name, rights)),
  "/v1/namespaces": ({ rights }) => listNamespaces(rights),
  "/v1/agent/self": ({ catalog: { region }, rights: { readAgent = false } }) =>
    readAgent
      ? jsonAnswer({
          config: { Datacenter: "dc1", Region: region, NodeName: "embedded", Version: { Version: "2.0.0" } },
          member: { Name: `embedded.${region}`, Addr: "127.0.0.1", Port: 4648, Status: "alive", Tags: { region } },
          stats: {},
        })
      : denied(),
};

/** The endpoint of a path and what stands in it for `:name`. */
export function endpointOf(path: string): { readonly endpoint: Endpoint; readonly name: string } | undefined {
  const parts = path.split("/");
  for (const [pattern, endpoint] of Object.entries(ENDPOINTS)) {
    const wanted = pattern.split("/");
    if (wanted.length !== parts.length || !wanted.every((part, i) => part === ":name" || part === parts[i])) continue;
    return { endpoint, name: decodeURIComponent(parts[wanted.indexOf(":name")] ?? "") };
  }
  return undefined;
}

export function denied(): Answer {
  return textAnswer(403, "Permission denied");
}

function mayList(namespace: string, rights: Rights): boolean {
  return namespace === ALL_NAMESPACES ? mayReadSomeJobs(rights) : mayReadJobs(rights, namespace);
}

/** An endpoint about one thing in the namespace that the request names. */
function ofJobs(endpoint: Endpoint): Endpoint {
  return (asked) => (mayReadJobs(asked.rights, asked.namespace) ? endpoint(asked) : denied());
}

/** An endpoint about one allocation: what counts is the namespace in which it lies. */
function ofAllocation(endpoint: Endpoint): Endpoint {
  return (asked) => {
    const row = asked.catalog.state.allocations.get(asked.name);
    return mayReadJobs(asked.rights, row?.Namespace ?? asked.namespace) ? endpoint(asked) : denied();
  };
}

function ofNodes(endpoint: Endpoint): Endpoint {
  return (asked) => (asked.rights.readNodes === true ? endpoint(asked) : denied());
}

/** Asked of the client itself, so that there is no index and nothing to wait for. */
function checks({ catalog: { state }, name }: Asked): Answer {
  const row = state.allocations.get(name);
  if (row === undefined) return textAnswer(404, `Unknown allocation "${name}"`);
  const results = isTerminal(row) ? undefined : state.checks.get(name);
  return jsonAnswer(results === undefined ? null : Object.fromEntries(results));
}
