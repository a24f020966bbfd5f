import type { ServiceAddress, ServiceWeights } from "./records.ts";

/** The body of PUT /v1/catalog/register. What Consul lets a caller leave out may be left out. */
export interface Registration {
  readonly Node: string;
  readonly Address?: string | undefined;
  readonly ID?: string | undefined;
  readonly Datacenter?: string | undefined;
  readonly TaggedAddresses?: Readonly<Record<string, string>> | undefined;
  readonly NodeMeta?: Readonly<Record<string, string>> | undefined;
  /** Leave a known node as it is; Address may then be missing. */
  readonly SkipNodeUpdate?: boolean | undefined;
  readonly Service?: RegisteredService | undefined;
  readonly Check?: RegisteredCheck | undefined;
  readonly Checks?: readonly RegisteredCheck[] | undefined;
}

export interface RegisteredService {
  /** Defaults to the name. */
  readonly ID?: string | undefined;
  readonly Service: string;
  readonly Tags?: readonly string[] | undefined;
  readonly Address?: string | undefined;
  readonly TaggedAddresses?: Readonly<Record<string, ServiceAddress>> | undefined;
  readonly Meta?: Readonly<Record<string, string>> | undefined;
  readonly Port?: number | undefined;
  readonly Weights?: ServiceWeights | undefined;
}

export interface RegisteredCheck {
  /** Must be the registration's node where it is given. */
  readonly Node?: string | undefined;
  /** Defaults to the name. */
  readonly CheckID?: string | undefined;
  readonly Name?: string | undefined;
  /** Critical unless said otherwise. */
  readonly Status?: string | undefined;
  readonly Notes?: string | undefined;
  readonly Output?: string | undefined;
  /** Without one the check is the node's and concerns all of its services. */
  readonly ServiceID?: string | undefined;
}

/** The body of PUT /v1/catalog/deregister: a service, else a check, else the whole node. */
export interface Deregistration {
  readonly Node: string;
  readonly ServiceID?: string | undefined;
  readonly CheckID?: string | undefined;
}
