import { type Answer, textAnswer } from "../../api/answer.ts";
import { parseIndex } from "../../api/blocking.ts";
import type { NomadCatalog } from "../catalog.ts";
import { ALL_NAMESPACES, mayReadJobs, rightsOf } from "../rights.ts";
import type { Waiting } from "../waiting.ts";
import type { NomadEvent } from "./event.ts";

export const EVENT_STREAM = "/v1/event/stream";

/** Every topic, or every key of one. */
const ANY = "*";

const SIGN_OF_LIFE = "{}\n";

/** What a request for events asks for, and by which token. */
interface Subscription {
  readonly secret: string;
  readonly index: bigint;
  readonly namespace: string;
  /** By topic, the keys or filter keys of which one must be the event's. */
  readonly topics: ReadonlyMap<string, readonly string[]>;
}

/**
 * Events as lines of JSON, from the index that was asked for; a sign of life at once and then by the clock. For a token that
 * may not read all that is asked for: status 200 and not a byte, for as long as the client stays.
 */
export function answerEventStream(
  catalog: NomadCatalog,
  { params, secret }: { readonly params: URLSearchParams; readonly secret: string },
  waiting: Waiting,
): Answer {
  const index = parseIndex(params.get("index") ?? "");
  if (index === undefined) return textAnswer(400, "Unable to parse index");
  const topics = topicsIn(params);
  if (topics === undefined) return textAnswer(400, "Invalid topic query: Invalid key value pair for topic");
  const asked = { secret, index, topics, namespace: params.get("namespace") ?? "default" };
  const head = { status: 200, headers: { "Content-Type": "application/json", "Cache-Control": "no-cache" } };
  return isAllowed(catalog, asked)
    ? { ...head, body: SIGN_OF_LIFE, follow: (write) => followEvents(catalog, asked, waiting, write) }
    : { ...head, body: "", follow: () => aborted(waiting.gone) };
}

/** Until the client has gone, the data is lost, or the token has lost its right. */
async function followEvents(
  catalog: NomadCatalog,
  asked: Subscription,
  { clock, gone, heartbeatMs }: Waiting,
  write: (text: string) => void,
): Promise<void> {
  const { state } = catalog;
  const finished = new AbortController();
  const over = AbortSignal.any([gone, state.abandoned, finished.signal]);
  const forgetTokens = catalog.onTokens(() => {
    if (!isAllowed(catalog, asked)) finished.abort();
  });

  async function beat(): Promise<void> {
    while (!over.aborted) {
      await clock.sleep(heartbeatMs, over);
      if (!over.aborted) write(SIGN_OF_LIFE);
    }
  }

  const beating = beat();
  for await (const { index, events } of state.events.from(asked.index, over)) {
    const shown = events.filter((event) => isWanted(event, asked)).map((event) => ({ ...event, Index: index }));
    if (shown.length > 0) write(`${JSON.stringify({ Index: index, Events: shown })}\n`);
  }
  forgetTokens();
  finished.abort();
  await beating;
}

/** Without a topic all of them are meant. Undefined where one cannot be read. */
function topicsIn(params: URLSearchParams): Subscription["topics"] | undefined {
  const topics = new Map<string, readonly string[]>();
  for (const asked of params.has("topic") ? params.getAll("topic") : [ANY]) {
    const [topic = "", key = ANY, ...more] = asked.split(":");
    if (more.length > 0) return undefined;
    topics.set(topic, [...(topics.get(topic) ?? []), key]);
  }
  return topics;
}

/** For all namespaces the right is needed in each, for all topics that of the management. */
function isAllowed({ tokens }: NomadCatalog, { secret, namespace, topics }: Subscription): boolean {
  if (tokens === undefined) return true;
  const rights = rightsOf(tokens, secret);
  if (rights === undefined || topics.has(ANY)) return false;
  const readsJobs = namespace === ALL_NAMESPACES ? rights.readJob === "*" : mayReadJobs(rights, namespace);
  return [...topics.keys()].every((topic) => (topic === "Node" ? rights.readNodes === true : readsJobs));
}

function isWanted({ Topic, Key, FilterKeys, Namespace }: NomadEvent, { namespace, topics }: Subscription): boolean {
  if (Namespace !== "" && namespace !== ALL_NAMESPACES && Namespace !== namespace) return false;
  const keys = topics.get(Topic) ?? topics.get(ANY) ?? [];
  return keys.some((key) => key === ANY || key === Key || (FilterKeys ?? []).includes(key));
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
}
