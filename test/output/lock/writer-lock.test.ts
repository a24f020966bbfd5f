import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../../src/base/clock.ts";
import { createWriterLock, type WriterLock } from "../../../src/output/lock/writer-lock.ts";
import { until } from "../../support/await-until.ts";
import { createScratch, isRoot } from "../scratch.ts";

let scratch: ReturnType<typeof createScratch>;
let outputPath: string;
let stop: AbortController;
let locks: WriterLock[];
let holders: ChildProcess[];
let reasons: string[];

beforeEach(() => {
  scratch = createScratch();
  outputPath = join(scratch.dir, "portolan.yml");
  stop = new AbortController();
  locks = [];
  holders = [];
  reasons = [];
});
afterEach(async () => {
  stop.abort();
  await Promise.all(locks.map((lock) => lock.release()));
  for (const holder of holders) holder.kill("SIGKILL");
  scratch.remove();
});

function lockOf(self: string, path = outputPath): WriterLock {
  const lock = createWriterLock({
    outputPath: path,
    self,
    clock: systemClock,
    unprotected: (reason) => reasons.push(reason),
  });
  locks.push(lock);
  return lock;
}

/** Acquires and tells what happens. */
function acquiring(lock: WriterLock) {
  const events: string[] = [];
  void lock.acquire(stop.signal, (owner) => events.push(`stands by for ${owner}`)).then(() => events.push("has it"));
  return events;
}

const inTime = { timeoutMs: 10_000 };

/** Another process that holds the lock. */
async function startHolder(
  self: string,
  { says = "held", wrapper = [] }: { readonly says?: string; readonly wrapper?: readonly string[] } = {},
): Promise<ChildProcess> {
  const script = join(import.meta.dirname, "lock-holder.ts");
  const [command = "", ...args] = [...wrapper, process.execPath, script, outputPath, self];
  const holder = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"] });
  holders.push(holder);
  let said = "";
  holder.stdout?.on("data", (part: Buffer) => {
    said += part.toString();
  });
  await until(() => said.includes(says), { ...inTime, what: `${self} to say ${says}` });
  return holder;
}

function leftovers(): readonly string[] {
  return readdirSync(join(scratch.dir, ".portolan-staging"));
}

test("the first has it, the second stands by and takes over when the first releases it", async () => {
  const first = lockOf("pid 1 on a");
  await first.acquire(stop.signal, () => {});
  await first.confirm();
  const second = lockOf("pid 2 on b");
  const events = acquiring(second);
  await until(() => events.length > 0, { ...inTime, what: "the second to stand by" });
  await expect(second.confirm()).rejects.toMatchObject({
    code: "E_OUTPUT_TAKEN",
    retryable: true,
    message: expect.stringContaining("by another portolan, pid 1 on a"),
  });
  await first.release();
  await until(() => events.includes("has it"), { ...inTime, what: "the second to take over" });
  expect(events).toEqual(["stands by for pid 1 on a", "has it"]);
  await second.confirm();
  await expect(first.confirm()).rejects.toMatchObject({ code: "E_OUTPUT_TAKEN" });
  await second.release();
  expect(leftovers()).toEqual([]);
});

test("Traefik can list the directory as any user: it would refuse everything otherwise", async () => {
  const umask = process.umask(0o077);
  try {
    await lockOf("first").confirm();
  } finally {
    process.umask(umask);
  }
  expect(statSync(join(scratch.dir, ".portolan-staging")).mode & 0o777).toBe(0o755);
});

test("locks of two files in one directory have nothing to do with each other", async () => {
  await lockOf("a").confirm();
  await lockOf("b", join(scratch.dir, "other.yml")).confirm();
});

test("of many that start at once, one gets it", async () => {
  const all = Array.from({ length: 6 }, (_, number) => acquiring(lockOf(`claimant ${number}`)));
  await until(() => all.every((events) => events.length === 1), { ...inTime, what: "all to know where they stand" });
  expect(all.filter((events) => events.includes("has it"))).toHaveLength(1);
});

test("of many that wait for one, one gets it", async () => {
  const first = lockOf("first");
  await first.confirm();
  const waiting = Array.from({ length: 6 }, (_, number) => acquiring(lockOf(`waiting ${number}`)));
  await until(() => waiting.every((events) => events.length === 1), { ...inTime, what: "all to stand by" });
  await first.release();
  await until(() => waiting.some((events) => events.includes("has it")), { ...inTime, what: "one to take over" });
  await until(() => waiting.every((events) => events.length === 2), {
    ...inTime,
    what: "the others to see whose it is",
  });
  expect(waiting.filter((events) => events.includes("has it"))).toHaveLength(1);
});

test("a killed process has lost it, and the next one removes its socket", async () => {
  const holder = await startHolder("the victim");
  const events = acquiring(lockOf("the heir"));
  await until(() => events.includes("stands by for the victim"), { ...inTime, what: "the heir to stand by" });
  holder.kill("SIGKILL");
  await until(() => events.includes("has it"), { ...inTime, what: "the heir to take over" });
  expect(leftovers()).toEqual([expect.stringMatching(/^portolan\.yml\.[0-9a-f]{12}\.lock$/)]);
});

test("a socket of a process that died before is no obstacle", async () => {
  const holder = await startHolder("the victim");
  holder.kill("SIGKILL");
  await once(holder, "close");
  await lockOf("the next").confirm();
});

test.skipIf(!isRoot)("a user who may not write here sees the process that does, too", async () => {
  chmodSync(scratch.dir, 0o755);
  await lockOf("root's").confirm();
  await startHolder("an unprivileged user's", {
    says: "standing by for root's",
    wrapper: ["setpriv", "--reuid=65534", "--clear-groups"],
  });
});

test("a stopped process still has it, though it cannot say who it is", async () => {
  const holder = await startHolder("the sleeper");
  holder.kill("SIGSTOP");
  await expect(lockOf("the next").confirm()).rejects.toMatchObject({ code: "E_OUTPUT_TAKEN" });
});

test.skipIf(!canUnshare())("other PID, network and mount namespaces make no difference", async () => {
  const holder = await startHolder("pid 1 in its container", {
    wrapper: ["unshare", "--pid", "--net", "--mount", "--fork", "--kill-child"],
  });
  const events = acquiring(lockOf("outside"));
  await until(() => events.includes("stands by for pid 1 in its container"), {
    ...inTime,
    what: "the one outside to wait",
  });
  holder.kill("SIGKILL");
  await until(() => events.includes("has it"), { ...inTime, what: "the one outside to take over" });
});

test("a directory whose path is longer than a socket's address may be is no obstacle", async () => {
  const deep = join(scratch.dir, "allocations-have-long-names".repeat(4), "and-so-have-their-tasks".repeat(3));
  mkdirSync(deep, { recursive: true });
  await lockOf("first", join(deep, "portolan.yml")).confirm();
  expect(reasons).toEqual([]);
  await expect(lockOf("second", join(deep, "portolan.yml")).confirm()).rejects.toMatchObject({
    code: "E_OUTPUT_TAKEN",
  });
});

test("a process that loses its socket with the directory makes another", async () => {
  const lock = lockOf("first");
  await lock.confirm();
  rmSync(join(scratch.dir, ".portolan-staging"), { recursive: true });
  await lock.confirm();
  await expect(lockOf("second").confirm()).rejects.toMatchObject({ code: "E_OUTPUT_TAKEN" });
});

describe("where no lock can be put", () => {
  test("writing goes on, and the reason is reported once", async () => {
    writeFileSync(join(scratch.dir, ".portolan-staging"), "another file");
    const lock = lockOf("first");
    await lock.confirm();
    await lock.confirm();
    await lock.acquire(stop.signal, () => {});
    expect(reasons).toEqual([expect.stringMatching(/^no lock could be put into .*portolan-staging \(ENOTDIR\)/)]);
  });

  test("a missing directory is reported by the write", async () => {
    await lockOf("first", join(scratch.dir, "missing", "portolan.yml")).confirm();
    expect(reasons).toEqual([]);
  });
});

function canUnshare(): boolean {
  try {
    execFileSync("unshare", ["--pid", "--net", "--mount", "--fork", "true"], { stdio: "pipe" });
    return true;
  } catch {
    return false;
  }
}

test("a process that keeps connecting gets no more than its share of connections, and the lock stays", async () => {
  const lock = lockOf("we");
  const events = acquiring(lock);
  await until(() => events.includes("has it"), { ...inTime, what: "the lock" });
  const folder = join(scratch.dir, ".portolan-staging");
  const [name = ""] = readdirSync(folder);
  const sockets = Array.from({ length: 200 }, () => connect({ path: join(folder, name) }));
  let ended = 0;
  for (const socket of sockets) {
    socket.on("error", () => {});
    socket.once("close", () => {
      ended += 1;
    });
  }
  await until(() => ended >= 200 - 64, { ...inTime, what: "the others to be refused" });
  await lock.confirm();
  expect(ended).toBe(200 - 64);
  for (const socket of sockets) socket.destroy();
});
