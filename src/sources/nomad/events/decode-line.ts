/** What a line of Nomad's event stream is about, and nothing of what it says: that is read. */
export type NomadEvent =
  | { readonly topic: "Service"; readonly namespace: string; readonly service: string; readonly index: bigint }
  | { readonly topic: "Allocation"; readonly namespace: string; readonly id: string; readonly index: bigint }
  | { readonly topic: "Deployment"; readonly namespace: string; readonly job: string };

/** `garbage`: a line that is none of Nomad's, or one in which an event that was asked for is none. */
export type EventLine = "heartbeat" | "garbage" | readonly NomadEvent[];

/** A service's name has 63 characters at most, a namespace's 128; a job's is free. */
const LONGEST_NAME = 1_024;

/**
 * A line of `/v1/event/stream`: `{}` now and then, else `{"Index": N, "Events": [{Topic, Namespace, Key, Payload}, …]}` with
 * all that one write has changed. A service is named by its payload, since its key is that of the registration; a job by the
 * deployment's. Topics that are not ours are left out.
 */
export function decodeEventLine(line: string): EventLine {
  const body = parsed(line);
  if (!isObject(body)) return "garbage";
  const { Index, Events } = body;
  if (Index === undefined && Events === undefined) return "heartbeat";
  if (typeof Index !== "number" || !Number.isSafeInteger(Index) || Index < 0 || !Array.isArray(Events))
    return "garbage";
  const index = BigInt(Index);
  const found: NomadEvent[] = [];
  for (const one of Events) {
    const event = isObject(one) ? eventOf(one, index) : "garbage";
    if (event === "garbage") return "garbage";
    if (event !== undefined) found.push(event);
  }
  return found;
}

function eventOf(event: Readonly<Record<string, unknown>>, index: bigint): NomadEvent | "garbage" | undefined {
  const { Topic: topic } = event;
  if (topic !== "Service" && topic !== "Allocation" && topic !== "Deployment") return undefined;
  const namespace = nameIn(event, "Namespace");
  if (namespace === undefined) return "garbage";
  if (topic === "Allocation") {
    const id = nameIn(event, "Key");
    return id === undefined ? "garbage" : { topic, namespace, id, index };
  }
  const payload = isObject(event["Payload"]) ? event["Payload"][topic] : undefined;
  if (!isObject(payload)) return "garbage";
  if (topic === "Deployment") {
    const job = nameIn(payload, "JobID");
    return job === undefined ? "garbage" : { topic, namespace, job };
  }
  const service = nameIn(payload, "ServiceName");
  return service === undefined ? "garbage" : { topic, namespace, service, index };
}

function nameIn(object: Readonly<Record<string, unknown>>, field: string): string | undefined {
  const { [field]: name } = object;
  return typeof name === "string" && name !== "" && name.length <= LONGEST_NAME ? name : undefined;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
