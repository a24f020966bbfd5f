import type { EventName } from "../../../src/observe/log/events.ts";
import { send, textAnswer } from "../../../src/simulator/api/answer.ts";
import {
  answers403,
  answers429,
  answers500,
  answersEmpty,
  answersHtml,
  answersWrongType,
  cutsMidBody,
  drips,
  type Fault,
  hangs,
  indexGoesBack,
  indexZero,
  noIndexHeader,
} from "../../../src/simulator/faults/faults.ts";
import { deadlineMs } from "../../../src/sources/http/deadline.ts";
import { until } from "../../support/await-until.ts";
import type { Trial } from "../../trials/trial.ts";
import { ringTwice } from "./catalog.ts";

/** Consul's answers are altered by a proxy before it. */
function badAnswers(name: string, fault: Fault, tells: readonly EventName[] = FAILING): Trial {
  return {
    name: `catalog: ${name}`,
    begin: async ({ proxy }) => proxy.begin(fault),
    end: async ({ proxy }) => proxy.end(),
    tells,
  };
}

const FAILING: readonly EventName[] = ["source.failing", "source.recovered"];

const SHORT_WAIT_MS = 2_000;

/** Longer than a mass removal is held: only a sign that the catalog is blind tells it from the truth. */
const BLIND: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "": {},
  ", filtered by ACLs": { "X-Consul-Results-Filtered-By-Acls": "true" },
  ", no leader known": { "X-Consul-Knownleader": "false" },
};

/** A wrong answer under the true index is noticed with the next change only: here is one. */
function lieAndRing(fault: Fault): Trial["begin"] {
  return async (stage) => {
    stage.proxy.begin(fault);
    await ringTwice(stage);
  };
}

/** The true answer with other headers. */
function withHeaders(headers: Readonly<Record<string, string>>): Fault {
  return async ({ response, answer }) => {
    const { headers: own, ...rest } = await answer();
    await send(response, { ...rest, headers: { ...own, ...headers } });
  };
}

export const ANSWER_ROWS: readonly Trial[] = [
  badAnswers("status 500", answers500("rpc error making call: i/o deadline reached")),
  badAnswers("no leader", answers500("No cluster leader")),
  badAnswers("status 429, come again in 1 s", answers429(1)),
  badAnswers("status 429, and no word when to come", async ({ response }) =>
    send(response, textAnswer(429, "Your IP is issuing too many concurrent connections, please rate limit your calls")),
  ),
  badAnswers("HTML with status 200", answersHtml()),
  { ...badAnswers("empty answers with status 200", answersEmpty(), ["chart.held"]), begin: lieAndRing(answersEmpty()) },
  ...Object.entries(BLIND).map(([name, headers]) => ({
    ...badAnswers(`empty answers for 15 s${name}`, answersEmpty(headers), ["chart.held"] as const),
    begin: lieAndRing(answersEmpty(headers)),
    seconds: 15,
  })),
  {
    // Stale, but true.
    ...badAnswers("no leader, stale answers", withHeaders({ "X-Consul-Knownleader": "false" }), []),
    seconds: 8,
  },
  badAnswers("status 403", answers403()),
  badAnswers("JSON of another shape", answersWrongType()),
  badAnswers("no index", noIndexHeader()),
  badAnswers("index 0", indexZero(), []),
  badAnswers("the index falls back", indexGoesBack(), []),
  badAnswers("bodies cut in the middle", cutsMidBody()),
  badAnswers("bodies that drip", drips({ pieceBytes: 16, everyMs: 500 }), []),
  badAnswers("hangs, and is cut in the end", hangs(), []),
  {
    ...badAnswers("hangs, and what was asked is never answered", hangs()),
    stage: { wait: `${SHORT_WAIT_MS / 1_000}s` },
    // A poll that never ends looks like one to which nothing happens, until its own deadline is over.
    newsWithinMs: deadlineMs(SHORT_WAIT_MS),
    end: async ({ proxy }) => proxy.end({ keepsOpen: true }),
    // Each poll has a deadline of its own; the last one's is over later than that which brought the news.
    async verify({ portolan }) {
      const hasRecovered = () => portolan.log().includes("source.recovered");
      await until(hasRecovered, { timeoutMs: deadlineMs(SHORT_WAIT_MS), what: "every poll to be answered again" });
    },
  },
];
