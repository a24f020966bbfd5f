import { AppError } from "../../base/errors.ts";
import type { CheckDefinition, NodeDefinition, ServiceDefinition } from "./records.ts";
import type { RegisteredCheck, RegisteredService, Registration } from "./registration.ts";

/** What the catalog refuses with status 500. The message is Consul's own, since clients show it to people. */
export function refused(message: string): AppError {
  return new AppError(message, { code: "E_SIMULATOR_REFUSED", retryable: false });
}

/** A registration's node, with Consul's defaults. */
export function defineNode(registration: Registration, datacenter: string): NodeDefinition {
  if (registration.Node === "") throw refused("Must provide node");
  if ((registration.Address ?? "") === "" && registration.SkipNodeUpdate !== true) {
    throw refused("Must provide address if SkipNodeUpdate is not set");
  }
  return {
    ID: registration.ID ?? "",
    Node: registration.Node,
    Address: registration.Address ?? "",
    Datacenter: registration.Datacenter ?? datacenter,
    TaggedAddresses: registration.TaggedAddresses ?? null,
    Meta: registration.NodeMeta ?? null,
  };
}

/** A registration's service, with Consul's defaults: the ID is the name, both weights are 1. */
export function defineService(service: RegisteredService): ServiceDefinition {
  if (service.Service === "") throw refused("Must provide service name with ID");
  const { TaggedAddresses } = service;
  return {
    ID: service.ID === undefined || service.ID === "" ? service.Service : service.ID,
    Service: service.Service,
    Tags: service.Tags ?? [],
    Address: service.Address ?? "",
    ...(TaggedAddresses === undefined ? {} : { TaggedAddresses }),
    Meta: service.Meta ?? null,
    Port: service.Port ?? 0,
    Weights: service.Weights ?? { Passing: 1, Warning: 1 },
  };
}

/**
 * A registration's check, with Consul's defaults: the ID is the name, the status is critical.
 * `owner` is the service that the check names, where the node has it.
 */
export function defineCheck(
  check: RegisteredCheck,
  node: string,
  owner: ServiceDefinition | undefined,
): CheckDefinition {
  const checkNode = check.Node === undefined || check.Node === "" ? node : check.Node;
  if (checkNode !== node) throw refused(`check node "${checkNode}" does not match node "${node}"`);
  const serviceId = check.ServiceID ?? "";
  if (serviceId !== "" && owner === undefined) {
    throw refused(`failed inserting check: Missing service registration on node "${node}"`);
  }
  const name = check.Name ?? "";
  return {
    Node: node,
    CheckID: check.CheckID === undefined || check.CheckID === "" ? name : check.CheckID,
    Name: name,
    Status: check.Status === undefined || check.Status === "" ? "critical" : check.Status,
    Notes: check.Notes ?? "",
    Output: check.Output ?? "",
    ServiceID: serviceId,
    ServiceName: owner?.Service ?? "",
    ServiceTags: owner?.Tags ?? [],
  };
}
