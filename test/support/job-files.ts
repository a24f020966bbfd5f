import { execFile, spawn } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import type { Tool } from "./real-binaries.ts";

const run = promisify(execFile);

export const JOBS = join(import.meta.dirname, "../../nomad-jobs");

/** Paths of all job files below nomad-jobs/, relative to it. */
export async function listJobFiles(): Promise<readonly string[]> {
  return (await readdir(JOBS, { recursive: true })).filter((name) => name.endsWith(".nomad.hcl"));
}

/** A job as Nomad's API takes it, as far as tests look at it. Durations are nanoseconds. */
export interface Job {
  readonly ID: string;
  readonly Type: string;
  readonly TaskGroups: readonly TaskGroup[];
}

export interface TaskGroup {
  readonly Name: string;
  readonly Count: number;
  readonly Networks?: readonly {
    readonly DynamicPorts: readonly { readonly Label: string; readonly Value: number }[] | null;
  }[];
  readonly Volumes: Readonly<Record<string, { readonly Source: string; readonly ReadOnly: boolean }>> | null;
  readonly Services: readonly Service[] | null;
  readonly Tasks: readonly Task[];
  readonly Update: Readonly<Record<string, unknown>> | null;
  readonly Disconnect: Readonly<Record<string, unknown>> | null;
  readonly ShutdownDelay: number | null;
}

export interface Service {
  readonly Name: string;
  readonly PortLabel: string;
  readonly Address: string;
  readonly Provider: string;
  readonly Tags: readonly string[] | null;
  readonly CanaryTags: readonly string[] | null;
  readonly Identity: Identity | null;
  readonly Checks: readonly { readonly Type: string; readonly Path: string; readonly PortLabel: string }[] | null;
}

export interface Identity {
  readonly Name: string;
  readonly Audience: readonly string[] | null;
  readonly File: boolean;
}

export interface Task {
  readonly Name: string;
  readonly Driver: string;
  readonly Config: Readonly<Record<string, unknown>>;
  readonly Env: Readonly<Record<string, string>> | null;
  readonly Identities: readonly Identity[] | null;
  readonly Consul: object | null;
  readonly VolumeMounts:
    | readonly { readonly Volume: string; readonly Destination: string; readonly ReadOnly: boolean }[]
    | null;
  readonly Artifacts: readonly { readonly GetterSource: string; readonly RelativeDest: string }[] | null;
  readonly Templates: readonly Template[] | null;
  readonly KillSignal: string;
  readonly KillTimeout: number;
  readonly Resources: { readonly MemoryMB: number; readonly MemoryMaxMB: number | null };
}

export interface Template {
  readonly DestPath: string;
  readonly EmbeddedTmpl: string;
  readonly LeftDelim: string;
  readonly RightDelim: string;
  readonly ChangeMode: string;
  readonly ChangeSignal: string;
}

/** Reads a file of nomad-jobs/ as `nomad job run -var …` would; rejects with the parser's words where it is refused. */
export async function readJob(
  tool: Tool,
  file: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<Job> {
  if (tool.kind !== "binary") throw new Error("jobspec is a program");
  const assignments = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  const { stdout } = await run(tool.path, ["job", join(JOBS, file), ...assignments]);
  return JSON.parse(stdout);
}

/** What there is where a template is rendered. */
export interface RenderedWhere {
  readonly environment?: Readonly<Record<string, string>>;
  /** Items of Nomad's variables by path. */
  readonly variables?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Renders a template of a job as a client would. */
export async function renderTemplate(tool: Tool, template: Template, where: RenderedWhere): Promise<string> {
  if (tool.kind !== "binary") throw new Error("jobspec is a program");
  const child = spawn(tool.path, ["template"], { stdio: ["pipe", "pipe", "inherit"] });
  const delimiters = { left: template.LeftDelim, right: template.RightDelim };
  child.stdin.end(JSON.stringify({ text: template.EmbeddedTmpl, ...delimiters, ...where }));
  return await text(child.stdout);
}
