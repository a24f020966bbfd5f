import { AppError } from "../errors.ts";
import type { ServiceAddress, ServiceWeights } from "./records.ts";
import type { Deregistration, RegisteredCheck, RegisteredService, Registration } from "./registration.ts";

/** One value of a request body and where it stands, for messages. */
interface Found {
  readonly value: unknown;
  readonly at: string;
}

/**
 * Body of a register request → Registration. As in Consul (and Go's JSON decoder) a wrong type is refused with 400,
 * null counts as absent and unknown keys are ignored. Unlike Go it wants the keys in their own case.
 */
export function decodeRegistration(body: unknown): Registration {
  const root = { value: body, at: "body" };
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
export function decodeDeregistration(body: unknown): Deregistration {
  const root = { value: body, at: "body" };
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

function isAbsent({ value }: Found): boolean {
  return value === undefined || value === null;
}

function member(found: Found, key: string): Found {
  return { value: entries(found).find(([name]) => name === key)?.[1], at: `${found.at}.${key}` };
}

function entries(found: Found): [string, unknown][] {
  const { value } = found;
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrongType(found, "an object");
  return Object.entries(value);
}

function text(found: Found): string | undefined {
  if (isAbsent(found)) return undefined;
  if (typeof found.value !== "string") throw wrongType(found, "a string");
  return found.value;
}

function integer(found: Found): number | undefined {
  if (isAbsent(found)) return undefined;
  if (typeof found.value !== "number" || !Number.isInteger(found.value)) throw wrongType(found, "an integer");
  return found.value;
}

function flag(found: Found): boolean | undefined {
  if (isAbsent(found)) return undefined;
  if (typeof found.value !== "boolean") throw wrongType(found, "a boolean");
  return found.value;
}

function list<T>(found: Found, item: (found: Found) => T | undefined): readonly T[] | undefined {
  if (isAbsent(found)) return undefined;
  if (!Array.isArray(found.value)) throw wrongType(found, "an array");
  return found.value.flatMap((value: unknown, i) => item({ value, at: `${found.at}[${i}]` }) ?? []);
}

function table<T>(found: Found, item: (found: Found) => T | undefined): Readonly<Record<string, T>> | undefined {
  if (isAbsent(found)) return undefined;
  const decoded: [string, T][] = [];
  for (const [key, value] of entries(found)) {
    const entry = item({ value, at: `${found.at}.${key}` });
    if (entry !== undefined) decoded.push([key, entry]);
  }
  return Object.fromEntries(decoded);
}

function wrongType(found: Found, wanted: string): AppError {
  const message = `Request decode failed: ${found.at} is ${JSON.stringify(found.value)}, want ${wanted}`;
  return new AppError(message, { code: "E_SIMULATOR_BODY", retryable: false });
}
