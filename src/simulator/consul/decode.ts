import { type Found, flag, integer, isAbsent, list, member, table, text } from "../api/body.ts";
import type { ServiceAddress, ServiceWeights } from "../state/records.ts";
import type { Deregistration, RegisteredCheck, RegisteredService, Registration } from "../state/registration.ts";

/**
 * Body of a register request → Registration. As in Consul (and Go's JSON decoder) a wrong type is refused with 400,
 * null counts as absent and unknown keys are ignored. Unlike Go it wants the keys in their own case.
 */
export function decodeRegistration(root: Found): Registration {
  return {
    Node: text(member(root, "Node")) ?? "",
    Address: text(member(root, "Address")),
    ID: text(member(root, "ID")),
    Datacenter: text(member(root, "Datacenter")),
    TaggedAddresses: table(member(root, "TaggedAddresses"), text),
    NodeMeta: table(member(root, "NodeMeta"), text),
    SkipNodeUpdate: flag(member(root, "SkipNodeUpdate")),
    Service: service(member(root, "Service")),
    Check: check(member(root, "Check")),
    Checks: list(member(root, "Checks"), check),
  };
}

/** Body of a deregister request → Deregistration, by the rules of decodeRegistration. */
export function decodeDeregistration(root: Found): Deregistration {
  return {
    Node: text(member(root, "Node")) ?? "",
    ServiceID: text(member(root, "ServiceID")),
    CheckID: text(member(root, "CheckID")),
  };
}

function service(found: Found): RegisteredService | undefined {
  if (isAbsent(found)) return undefined;
  return {
    ID: text(member(found, "ID")),
    Service: text(member(found, "Service")) ?? "",
    Tags: list(member(found, "Tags"), text),
    Address: text(member(found, "Address")),
    TaggedAddresses: table(member(found, "TaggedAddresses"), serviceAddress),
    Meta: table(member(found, "Meta"), text),
    Port: integer(member(found, "Port")),
    Weights: weights(member(found, "Weights")),
  };
}

function check(found: Found): RegisteredCheck | undefined {
  if (isAbsent(found)) return undefined;
  return {
    Node: text(member(found, "Node")),
    CheckID: text(member(found, "CheckID")),
    Name: text(member(found, "Name")),
    Status: text(member(found, "Status")),
    Notes: text(member(found, "Notes")),
    Output: text(member(found, "Output")),
    ServiceID: text(member(found, "ServiceID")),
  };
}

function serviceAddress(found: Found): ServiceAddress | undefined {
  if (isAbsent(found)) return undefined;
  return { Address: text(member(found, "Address")) ?? "", Port: integer(member(found, "Port")) ?? 0 };
}

function weights(found: Found): ServiceWeights | undefined {
  if (isAbsent(found)) return undefined;
  return { Passing: integer(member(found, "Passing")) ?? 0, Warning: integer(member(found, "Warning")) ?? 0 };
}
