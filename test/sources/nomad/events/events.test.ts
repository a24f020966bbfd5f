import { expect, test } from "vitest";
import type { AllocationHint } from "../../../../src/sources/catalog/allocation-hint.ts";
import type { HttpStream } from "../../../../src/sources/http/client/connections.ts";
import { failure } from "../../../../src/sources/http/client/failure.ts";
import { createConnectionBudget } from "../../../../src/sources/http/connection-budget.ts";
import { createNomadEvents } from "../../../../src/sources/nomad/events/events.ts";
import { createFakeClock, settle } from "../../../fakes/fake-clock.ts";

/** An agent that lets listen to these namespaces, and stays silent about others. */
function listening(namespace: string | undefined, mayListen: readonly string[], status = 200) {
  const clock = createFakeClock();
  const stop = new AbortController();
  const paths: string[] = [];
  const open = new Map<string, (line: string) => void>();
  const seen: string[] = [];
  const allocations: AllocationHint[] = [];
  const allowed = new Set(mayListen);

  async function* partsOf(asked: string, signal: AbortSignal): AsyncGenerator<Buffer> {
    const lines: string[] = allowed.has(asked) ? ["{}"] : [];
    let wake = (): void => {};
    open.set(asked, (line) => {
      lines.push(line);
      wake();
    });
    signal.addEventListener("abort", () => wake(), { once: true });
    while (!signal.aborted && status === 200) {
      const line = lines.shift();
      if (line === "end") return;
      if (line !== undefined) yield Buffer.from(`${line}\n`);
      else await new Promise<void>((resolve) => (wake = resolve));
    }
    if (signal.aborted) throw failure("ABORT_ERR");
  }

  const events = createNomadEvents({
    connections: {
      send: () => Promise.reject(new Error("nothing else is asked")),
      async stream({ path, signal }): Promise<HttpStream> {
        paths.push(path);
        const asked = new URLSearchParams(path.split("?")[1]).get("namespace") ?? "";
        return { status, header: () => "application/json", parts: partsOf(asked, signal) };
      },
      requestsPerConnection: 1,
      keepAtRest() {},
      close() {},
    },
    readToken: () => "token",
    budget: createConnectionBudget(16),
    waitMs: 1,
    maxAnswerBytes: 1,
    maxStaleMs: 1,
    requested() {},
    answered() {},
    ...(namespace === undefined ? {} : { namespaces: namespace.split(",") }),
    clock,
    random: () => 0.5,
    reporter: {
      eventsHeard: (scope) => seen.push(`heard ${scope}`),
      eventsUnheard: (scope, right, error) => seen.push(`unheard ${scope}: ${right ?? error?.code}`),
      eventsReopened: () => seen.push("reopened"),
    },
  });
  events.follow({
    hinted: (service, write) => seen.push(`${service} ${write}`),
    doubted: () => seen.push("doubted"),
    standingChanged: () => seen.push(events.standing),
  });
  events.onAllocationHint((hint) => allocations.push(hint));
  const running = events.run(stop.signal);
  return {
    clock,
    paths,
    allowed,
    seen,
    allocations,
    events,
    async tell(asked: string, line: string) {
      open.get(asked)?.(line);
      await settle();
      await settle();
    },
    async stop() {
      stop.abort();
      await running;
    },
  };
}

function write(index: number, ...events: readonly object[]): string {
  return JSON.stringify({ Index: index, Events: events });
}

function service(name: string, namespace = "default"): object {
  return { Topic: "Service", Namespace: namespace, Key: "id", Payload: { Service: { ServiceName: name } } };
}

function deployment(job: string): object {
  return { Topic: "Deployment", Namespace: "default", Key: "id", Payload: { Deployment: { JobID: job } } };
}

test("asks for services, allocations and deployments of its namespace, and hints at what is told", async () => {
  const { paths, tell, seen, allocations, events, stop } = listening(undefined, ["default"]);
  await settle();
  expect(paths).toEqual(["/event/stream?namespace=default&topic=Service&topic=Allocation&topic=Deployment"]);
  const allocation = { Topic: "Allocation", Namespace: "default", Key: "a1" };
  await tell("default", write(20, service("web"), service("other", "team"), allocation, deployment("shop")));
  expect(seen).toEqual(["heard", "heard namespace default", "default/web 20"]);
  expect(allocations).toEqual([
    { allocations: new Map([["a1", 20n]]), deployments: new Set(["default/shop"]), isAnything: false },
  ]);
  expect(events.state()).toEqual({ state: "heard", open: 1, reopened: 0 });
  await stop();
});

test("a mass of events is one hint on allocations, and too many are a hint on all", async () => {
  const { tell, allocations, stop } = listening(undefined, ["default"]);
  await settle();
  const many = Array.from({ length: 12_000 }, (_, at) => ({
    Topic: "Allocation",
    Namespace: "default",
    Key: `a${at}`,
  }));
  await tell("default", write(20, ...many));
  expect(allocations.map(({ allocations: ids, isAnything }) => [ids.size, isAnything])).toEqual([[10_000, true]]);
  await stop();
});

test("a namespace that may not be listened to is said once, with the right that is missing", async () => {
  const { clock, seen, events, allowed, stop } = listening("team", []);
  await clock.advance(60_000);
  const right = 'namespace "team" { capabilities = ["read-job"] }';
  expect(seen).toEqual(["unheard", `unheard namespace team: ${right}`]);
  expect(events.state()).toEqual({ state: "silent", open: 0, reopened: 0 });
  allowed.add("team");
  while (events.standing !== "heard") await clock.advance(1_000);
  expect(seen.slice(2)).toEqual(["heard", "heard namespace team"]);
  await stop();
});

test("of a list of namespaces all are listened to at once, and of another only the write counts", async () => {
  const { tell, seen, stop } = listening("default,team", ["*"]);
  await settle();
  await tell("*", write(20, service("wiki", "team"), service("stranger", "ops")));
  expect(seen).toEqual(["heard", "heard namespaces default, team", "team/wiki 20", "undefined 20"]);
  await stop();
});

test("a list of which one may not be listened to says each right that it needs", async () => {
  const { clock, seen, events, stop } = listening("default,team", ["default"]);
  events.sawNamespaces(new Set(["default", "team"]));
  await clock.advance(60_000);
  const rights = ["default", "team"].map((name) => `namespace "${name}" { capabilities = ["read-job"] }`).join(", ");
  expect(seen).toContain(`unheard namespaces default, team: ${rights}`);
  await stop();
});

test("where not all namespaces may be listened to at once, each that is shown is", async () => {
  const { clock, paths, tell, seen, events, allowed, stop } = listening("*", ["default", "team"]);
  events.sawNamespaces(new Set(["default", "team"]));
  await clock.advance(3_000);
  expect(paths.map((path) => new URLSearchParams(path.split("?")[1]).get("namespace"))).toEqual([
    "*",
    "default",
    "team",
  ]);
  expect(events.state()).toEqual({ state: "heard", open: 2, reopened: 0 });
  expect(events.connections).toBe(2);
  expect(seen).toEqual(["heard", "heard all namespaces"]);
  await tell("team", write(20, service("wiki", "team"), service("forged", "default")));
  expect(seen.slice(2)).toEqual(["team/wiki 20"]);
  events.sawNamespaces(new Set(["default", "team", "ops"]));
  await clock.advance(3_000);
  expect(events.state()).toEqual({ state: "silent", open: 2, reopened: 0 });
  expect(seen.at(-1)).toBe('unheard all namespaces: namespace "*" { capabilities = ["read-job"] }');
  events.sawNamespaces(new Set(["default"]));
  await settle();
  expect(events.state()).toEqual({ state: "heard", open: 1, reopened: 0 });
  allowed.add("*");
  // Of all at once, and no more of that one namespace.
  while (paths.filter((path) => path.includes("namespace=*")).length < 2)
    await tell("default", "{}").then(() => clock.advance(1_000));
  await settle();
  expect(events.state()).toEqual({ state: "heard", open: 1, reopened: 0 });
  await tell("*", write(21, service("wiki", "team")));
  expect(seen.at(-1)).toBe("team/wiki 21");
  await stop();
});

test("too many namespaces are not listened to one by one", async () => {
  const { clock, paths, events, stop } = listening("*", ["n1"]);
  events.sawNamespaces(new Set(Array.from({ length: 9 }, (_, at) => `n${at}`)));
  await clock.advance(3_000);
  expect(paths).toHaveLength(1);
  expect(events.standing).toBe("unheard");
  await stop();
});

test("a stream that ends is opened again, what it may have missed is doubted, and only a long trouble is told", async () => {
  const { clock, tell, seen, events, allowed, allocations, stop } = listening(undefined, ["default"]);
  await settle();
  await tell("default", "end");
  await clock.advance(5_000);
  expect(seen).toEqual(["heard", "heard namespace default", "awaited", "reopened", "heard", "doubted"]);
  expect(allocations).toEqual([{ allocations: new Map(), deployments: new Set(), isAnything: true }]);
  expect(events.state()).toEqual({ state: "heard", open: 1, reopened: 1 });
  allowed.clear();
  await tell("default", "end");
  await clock.advance(60_000);
  expect(seen.slice(6)).toEqual([
    "awaited",
    "unheard",
    'unheard namespace default: namespace "default" { capabilities = ["read-job"] }',
  ]);
  await stop();
});

test("a Nomad that has no event stream is said once", async () => {
  const { clock, seen, stop } = listening(undefined, [], 404);
  await clock.advance(120_000);
  expect(seen).toEqual(["unheard namespace default: E_CATALOG_STATUS"]);
  await stop();
});

test("doubts that follow each other are gathered", async () => {
  const { clock, tell, seen, stop } = listening(undefined, ["default"]);
  await settle();
  for (let second = 0; second < 60; second += 1) {
    await tell("default", "<html>");
    await clock.advance(1_000);
    if (second % 20 === 0) await tell("default", "{}");
  }
  const doubts = seen.filter((one) => one === "doubted").length;
  expect(doubts).toBeGreaterThan(4);
  expect(doubts).toBeLessThan(9);
  await stop();
});
