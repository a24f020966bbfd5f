import type { Health } from "../catalog/health.ts";
import { PRODUCT_RULES } from "../catalog/product-rules.ts";
import type { ServiceInstance, TaggedAddress } from "../catalog/snapshot.ts";
import type { Finding } from "../diagnostics/finding.ts";
import type { CoreSettings } from "../settings.ts";
import { saysGrpc } from "./grpc.ts";
import type { OwnTags } from "./own-tags.ts";

/** The server that a registration means; what its `traefik.*` tags say of a server comes on top. */
export interface RegisteredServer {
  /** Empty if there is none. */
  readonly address: string;
  /** Empty if there is none. */
  readonly port: string;
  readonly scheme: "http" | "h2c";
  /** Undefined for 1, which is what Traefik takes a server for that has none. */
  readonly weight: number | undefined;
  /** The share of its service's requests, in percent, while it is a canary that was given one. */
  readonly canaryPercent?: number;
}

export type FoundServer =
  | { readonly kind: "found"; readonly server: RegisteredServer }
  | { readonly kind: "refused"; readonly finding: Finding };

/**
 * Where and how an instance is reached, by its registration, portolan's own tags and `backends`.
 */
export function registeredServer(
  instance: ServiceInstance,
  tags: OwnTags,
  health: Health,
  { backends }: Pick<CoreSettings, "backends">,
): FoundServer {
  const address = instance.address === "" ? instance.nodeAddress : instance.address;
  const asked = tags.address === undefined ? undefined : taggedAddress(instance, tags.address);
  if (tags.address !== undefined && asked === undefined) {
    return { kind: "refused", finding: unknownAddress(instance, tags.address) };
  }
  const chosen = asked ?? taggedAddress(instance, backends.address ?? "") ?? { address, port: 0 };
  const weight = tags.weight ?? (backends.weights === "consul" ? weightOf(instance, health) : 1);
  return {
    kind: "found",
    server: {
      // In a URL it would get a second pair.
      address: chosen.address.replace(/^\[(.*)\]$/, "$1"),
      port: portText(instance, chosen.port),
      scheme: backends.grpc && saysGrpc(instance) ? "h2c" : "http",
      weight: weight === 1 ? undefined : weight,
    },
  };
}

/** The server by the registration alone, as in Traefik: the service's address, else its node's, and its port. */
export function plainServer(instance: ServiceInstance): FoundServer {
  const address = instance.address === "" ? instance.nodeAddress : instance.address;
  return { kind: "found", server: { address, port: portText(instance, 0), scheme: "http", weight: undefined } };
}

/** The address's own port, else the instance's. In Nomad 0 or less means that there is none; in Consul 0 is a port like any other. */
function portText({ catalog, port }: ServiceInstance, own: number): string {
  const counts = own === 0 ? port : own;
  return PRODUCT_RULES[catalog].zeroIsNoPort && counts <= 0 ? "" : String(counts);
}

function taggedAddress({ taggedAddresses }: ServiceInstance, name: string): TaggedAddress | undefined {
  const found = Object.hasOwn(taggedAddresses, name) ? taggedAddresses[name] : undefined;
  return found?.address === "" ? undefined : found;
}

/** As in Consul's answers to DNS queries. */
function weightOf({ weights }: ServiceInstance, health: Health): number {
  return health.status === "warning" ? weights.warning : weights.passing;
}

function unknownAddress({ taggedAddresses }: ServiceInstance, wanted: string): Finding {
  const known = Object.keys(taggedAddresses);
  return {
    code: "INSTANCE_NO_ADDRESS",
    message: `tag portolan.address names the tagged address ${JSON.stringify(wanted)}, and the instance has ${known.length === 0 ? "none at all" : `only ${known.join(", ")}`}`,
    remedy: "register the service with that address, name one that it has, or remove the tag",
  };
}
