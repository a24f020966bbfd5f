import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Tool } from "./real-binaries.ts";

/** What Traefik's providers are set to; what is left out has Traefik's default. */
export interface ProviderOptions {
  readonly prefix?: string;
  readonly exposedByDefault?: boolean;
  readonly defaultRule?: string;
  readonly constraints?: string;
  /** Consul only. */
  readonly strictChecks?: readonly string[];
  readonly namespace?: string;
}

/** A question about what Traefik itself would do. With `log` the answer holds what it logged meanwhile. */
export type Operation = { readonly log?: boolean } & (
  | { readonly op: "labels"; readonly labels: Readonly<Record<string, string>> }
  | { readonly op: "file"; readonly text: string }
  /** What Traefik builds from a file and what it disables; it has every plugin and every entry point that the file names. */
  | { readonly op: "runtime"; readonly text: string; readonly elsewhere: readonly Elsewhere[] }
  | { readonly op: "consul" | "nomad"; readonly address: string; readonly options: ProviderOptions }
  | {
      readonly op: "template";
      readonly text: string;
      readonly name: string;
      readonly labels: Readonly<Record<string, string>>;
    }
  | { readonly op: "constraint"; readonly expression: string; readonly tags: readonly string[] }
  | { readonly op: "rule"; readonly protocol: "http" | "tcp"; readonly rule: string }
  /** Which requests, or connections that ask for a host, a rule matches. */
  | {
      readonly op: "match";
      readonly protocol: "http" | "tcp";
      readonly rule: string;
      readonly syntax: "v2" | "v3";
      readonly arrivals: readonly { readonly host: string; readonly path: string }[];
    }
);

/** Traefik's configuration as objects, lists and scalars; durations as Go prints them, numbers beyond 2^53 as text. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [name: string]: Plain };

/** A sound object that a file refers to and another provider defines. */
export interface Elsewhere {
  readonly protocol: string;
  readonly kind: string;
  /** With its provider: `auth@docker`. */
  readonly name: string;
}

/** An object that Traefik disables, or warns of. */
export interface Flaw {
  /** `http/routers/web@file` */
  readonly key: string;
  readonly status: string;
  readonly errors: readonly string[];
}

/** Exactly one of `config`, `flaws`, `rule`, `matches`, `matched`, `ok`, `error` and `panic` is there. */
export interface Answer {
  /** labels, file, consul, nomad */
  readonly config?: { readonly [section: string]: Plain };
  /** runtime: nothing where all is well */
  readonly flaws?: readonly Flaw[];
  /** template: the rule that was rendered */
  readonly rule?: string;
  /** constraint */
  readonly matches?: boolean;
  /** match: one for each arrival */
  readonly matched?: readonly boolean[];
  /** rule: it can be parsed */
  readonly ok?: true;
  /** rule: the priority that a router without one gets */
  readonly priority?: number;
  /** Traefik's refusal */
  readonly error?: string;
  /** template: what the refusal is about */
  readonly stage?: "parse" | "execute";
  /** Traefik's decoder broke down, which ends the whole provider. */
  readonly panic?: string;
  readonly log?: readonly string[];
}

export interface Oracle {
  /** Questions may be asked without waiting for the answers to earlier ones; all are answered in their order. */
  ask(operation: Operation): Promise<Answer>;
  /** Lets it finish what it was asked and waits for its end; kills it after five seconds. */
  stop(): Promise<void>;
}

interface Waiting {
  answer(answer: Answer): void;
  fail(error: Error): void;
}

/** Starts the program of test/oracle. A question without an answer after `timeoutMs` ends it, and fails all that wait. */
export function startOracle(tool: Tool, { timeoutMs = 20_000 } = {}): Oracle {
  if (tool.kind !== "binary") throw new Error(`there is no image of the oracle: ${tool.image}`);
  const child = spawn(tool.path, { stdio: "pipe", env: { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR } });
  const ended = once(child, "close");
  const waiting: Waiting[] = [];
  const complaints = collectComplaints(child);
  let failure: Error | undefined;

  function fail(error: Error): void {
    failure ??= error;
    for (const each of waiting.splice(0)) each.fail(failure);
    child.kill("SIGKILL");
  }
  function killNow(): void {
    child.kill("SIGKILL");
  }
  // A test run that is interrupted must not leave the process behind.
  process.once("exit", killNow);
  child.once("close", (code) => {
    process.off("exit", killNow);
    fail(new Error(`the oracle has ended with exit code ${code}: ${complaints.join(" | ")}`));
  });
  child.once("error", fail);
  child.stdin.on("error", fail);
  createInterface({ input: child.stdout }).on("line", (line) => waiting.shift()?.answer(JSON.parse(line) as Answer));

  return {
    ask(operation) {
      if (failure !== undefined) return Promise.reject(failure);
      const { promise, resolve, reject } = Promise.withResolvers<Answer>();
      const timer = setTimeout(() => {
        fail(new Error(`the oracle has not answered within ${timeoutMs} ms: ${JSON.stringify(operation)}`));
      }, timeoutMs);
      waiting.push({
        answer(answer) {
          clearTimeout(timer);
          resolve(answer);
        },
        fail(error) {
          clearTimeout(timer);
          reject(error);
        },
      });
      child.stdin.write(`${JSON.stringify(operation)}\n`);
      return promise;
    },
    async stop() {
      child.stdin.end();
      const insist = setTimeout(killNow, 5_000);
      await ended;
      clearTimeout(insist);
    },
  };
}

function collectComplaints(child: ChildProcessWithoutNullStreams): readonly string[] {
  const lines: string[] = [];
  createInterface({ input: child.stderr }).on("line", (line) => lines.push(line));
  return lines;
}
