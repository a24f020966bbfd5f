import type { Settings } from "../../../../config/files/schema.ts";
import { coreSettings } from "../../../../config/resolve/core-settings.ts";
import { type Catalog, PLAIN, type ServiceInstance } from "../../../../core/catalog/snapshot.ts";
import { limitsNow } from "../../../../core/policy/own-rule.ts";
import { addressIn, type Network } from "../../../../core/ports/ledger/network.ts";
import { undeclaredDynamicPorts } from "../../../../core/ports/port-settings.ts";
import type { CoreSettings } from "../../../../core/settings.ts";

/** By what instances are judged. */
export interface Judge {
  readonly settings: Settings;
  readonly catalog: Catalog;
  readonly catalogName?: string;
}

/** Of an instance that is not registered yet, what is known. */
export type Stated = Partial<ServiceInstance> & Pick<ServiceInstance, "service">;

/** An address for documentation: what is checked is registered nowhere. */
const ADDRESS = "192.0.2.10";
/** A node that no ledger names. */
const NODE = "here";

/**
 * A healthy instance of the judge's catalog, other than stated. What is not stated is such that nothing is wrong with it: a
 * port that the scheduler may hand out, and an address that the policy lets the service have.
 *
 * | stated | the address | the node |
 * |---|---|---|
 * | both | as stated | as stated |
 * | a node | the ledger's of that node, else as for neither | as stated |
 * | an address | as stated | the ledger's node with that address, else none that is known |
 * | neither | one of the networks of the policy, else one of documentation | none that is known |
 */
export function registered(judge: Judge, stated: Stated): ServiceInstance {
  const core = coreSettings(judge.settings);
  const { nodes } = core.ports.ledger;
  const known = stated.address || stated.nodeAddress || nodes.get(stated.node ?? "");
  const node = stated.node ?? nameAt(nodes, known) ?? NODE;
  const datacenter = datacenterOf(judge);
  const instance: ServiceInstance = {
    catalog: judge.catalog,
    id: "checked",
    nodeId: "here",
    datacenter,
    namespace: "",
    port: freePort(core),
    tags: [],
    checks: [{ id: "checked", name: "", status: "passing" }],
    ...PLAIN,
    createIndex: 1,
    ...stated,
    node,
    nodeAddress: stated.nodeAddress || known || ADDRESS,
    address: known || ADDRESS,
  };
  if (known) return instance;
  const address = allowedAddress(instance, core) ?? ADDRESS;
  return { ...instance, nodeAddress: address, address };
}

/**
 * What its reader should know of an instance at an address that was not stated: which it is, and how to state another.
 *
 * @param remedy how the address is stated
 */
export function standInNote(
  { settings }: Judge,
  instances: readonly ServiceInstance[],
  stated: readonly Stated[],
  remedy: string,
): string | undefined {
  const { nodes } = coreSettings(settings).ports.ledger;
  const assumed = instances
    .filter((_, position) => {
      const { address, nodeAddress, node = "" } = stated[position] ?? {};
      return !address && !nodeAddress && !nodes.get(node);
    })
    .map(({ address }) => address)
    .filter((address) => address !== ADDRESS);
  if (assumed.length === 0) return undefined;
  return `no address is stated: judged at ${[...new Set(assumed)].join(" and ")}, which the policy allows; ${remedy}`;
}

function nameAt(nodes: ReadonlyMap<string, string>, address: string | undefined): string | undefined {
  if (!address) return undefined;
  for (const [name, known] of nodes) if (known === address) return name;
  return undefined;
}

/** As its section of the settings says, else called as the catalog is. */
function datacenterOf({ settings: { catalogs = [] }, catalogName }: Judge): string {
  const listed = catalogs.find(({ name }) => name === catalogName);
  return listed?.consul?.datacenter ?? catalogName ?? "";
}

/** A dynamic port of which the ledger says nothing; the first, where it speaks of all of them. */
function freePort({ ports }: CoreSettings): number {
  const [port = ports.dynamic.first] = undeclaredDynamicPorts(ports);
  return port;
}

/** One of the networks where this instance may have backends; undefined where there is no limit, or none is allowed. */
function allowedAddress(instance: ServiceInstance, { policy }: CoreSettings): string | undefined {
  const [network]: readonly Network[] = limitsNow(instance, policy).backends ?? policy?.networks ?? [];
  return network && addressIn(network);
}
