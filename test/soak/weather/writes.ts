import type { Deregistration, RegisteredCheck, Registration } from "../../../src/simulator/state/registration.ts";
import type { Instance, Node } from "./census.ts";

/** One request that changes a catalog. */
export type Write =
  | { readonly kind: "register"; readonly body: Registration }
  | { readonly kind: "deregister"; readonly body: Deregistration };

/** Traefik's options in every soak: services are exposed by this tag alone. */
export const EXPOSING_TAG = "traefik.enable=true";

/** The node with the check of its own. Not `serfHealth`: real servers remove nodes that have one and are no members. */
export function registerNode({ name, id, address, isHealthy }: Node): Write {
  const alive = { CheckID: "alive", Name: "node is alive", Status: isHealthy ? "passing" : "critical" };
  return { kind: "register", body: { Node: name, ID: id, Address: address, Check: alive } };
}

export function deregisterNode({ name }: Node): Write {
  return { kind: "deregister", body: { Node: name } };
}

/** The instance with its check. */
export function registerInstance(instance: Instance): Write {
  const check = checkOf(instance);
  return withService(instance, check === undefined ? [] : [check]);
}

/** The instance alone: its check stays what it was. */
export function registerServiceOnly(instance: Instance): Write {
  return withService(instance, []);
}

/** @param output what the check says; a new text with the old status is no change for traffic */
export function registerCheck(instance: Instance, output = ""): Write {
  const check = checkOf(instance);
  if (check === undefined) throw new TypeError(`${instance.id} has no check`);
  return onNode(instance.node, { Check: { ...check, Output: output } });
}

export function deregisterInstance({ node, id }: Instance): Write {
  return { kind: "deregister", body: { Node: node.name, ServiceID: id } };
}

export function deregisterCheck({ node, id }: Instance): Write {
  return { kind: "deregister", body: { Node: node.name, CheckID: checkId(id) } };
}

/** Puts a node, or one instance on it, into maintenance or back to work, as `consul maint` does. */
export function maintain(node: Node, instance: Instance | undefined, isMaintained: boolean): Write {
  const CheckID = instance === undefined ? "_node_maintenance" : `_service_maintenance:${instance.id}`;
  if (!isMaintained) return { kind: "deregister", body: { Node: node.name, CheckID } };
  return onNode(node, { Check: { CheckID, Name: "Maintenance Mode", Status: "critical", ServiceID: instance?.id } });
}

function withService(instance: Instance, checks: readonly RegisteredCheck[]): Write {
  const { node, id, service, tags, address, port } = instance;
  const exposing = service.isExposed ? [EXPOSING_TAG] : [];
  const Service = { ID: id, Service: service.name, Address: address, Port: port, Tags: [...exposing, ...tags] };
  return onNode(node, { Service, ...(checks.length === 0 ? {} : { Checks: checks }) });
}

function onNode(node: Node, rest: Partial<Registration>): Write {
  return { kind: "register", body: { Node: node.name, SkipNodeUpdate: true, ...rest } };
}

function checkOf({ id, service, status }: Instance): RegisteredCheck | undefined {
  if (status === undefined) return undefined;
  return { CheckID: checkId(id), Name: `${service.name} answers`, Status: status, ServiceID: id };
}

function checkId(instance: string): string {
  return `service:${instance}`;
}
