import type { ServiceInstance } from "../catalog/snapshot.ts";
import type { RuleData } from "../settings.ts";
import type { Label } from "../traefik/labels/labels.ts";

/** What the default rule's template sees of an instance. */
export function ruleDataOf(instance: ServiceInstance, labels: ReadonlyMap<string, Label>): RuleData {
  return {
    Name: instance.service,
    Labels: new Map(Array.from(labels, ([key, label]) => [key, label.value])),
    Node: instance.node,
    Datacenter: instance.datacenter,
    Namespace: instance.namespace,
    Address: instance.address === "" ? instance.nodeAddress : instance.address,
    Port: instance.port,
    Tags: instance.tags,
    Meta: new Map(Object.entries(instance.meta)),
    TaggedAddresses: new Map(
      Object.entries(instance.taggedAddresses).map(([name, { address }]): [string, string] => [name, address]),
    ),
  };
}
