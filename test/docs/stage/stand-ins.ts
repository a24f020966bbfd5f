import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Registration } from "../../../src/simulator/state/registration.ts";
import type { Printed } from "../../cli/commands/check/printed.ts";

const { scripts, version }: { scripts: Record<string, string>; version: string } = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../../package.json"), "utf8"),
);

/** Programs that change a machine or a cluster. What can be checked of their words is: scripts and files that they name. */
export const STAND_INS = ["docker", "nomad", "consul", "kubectl", "npm", "npx", "systemctl", "journalctl", "promtool"];

/** What npm does without a script of package.json's. */
const NPM_ITSELF = new Set(["ci", "pack", "install"]);
/** A file of the repository's, or one that the block has made. */
const FILE = /^@?((?:[\w.-]+\/)*[\w.-]+\.(?:hcl|ya?ml|json|txt|tgz))$/;

/** The words behind `portolan` where a program starts it elsewhere: in a container, in an allocation, from a package. */
export function ordersWithin(words: readonly string[]): readonly string[] | undefined {
  const isElsewhere = words[0] === "exec" || words[1] === "exec" || words[0] === "--package";
  // The job and its task are called portolan as well, and come first.
  const at = words.lastIndexOf("portolan");
  return isElsewhere && at > 0 ? words.slice(at + 1) : undefined;
}

/** Ends with 0 if what the words name is there; prints what the block needs of it. */
export function standIn(program: string, words: readonly string[], directory: string, prints = ""): Printed {
  const missing = program === "npm" ? missingScript(words) : missingFile(words, directory);
  if (missing === undefined) return { code: 0, stdout: prints, stderr: "" };
  return { code: 1, stdout: "", stderr: `${program} ${words.join(" ")}: there is no ${missing}\n` };
}

function missingScript([first = "", second = ""]: readonly string[]): string | undefined {
  if (NPM_ITSELF.has(first)) return undefined;
  const script = first === "run" ? second : first;
  return script in scripts ? undefined : `script ${script} in package.json`;
}

function missingFile(words: readonly string[], directory: string): string | undefined {
  const files = words.flatMap((word) => FILE.exec(word)?.[1] ?? []);
  return files.find((file) => file !== `portolan-${version}.tgz` && !existsSync(join(directory, file)));
}

/** What `consul services register -name=web -port=24001 -tag=… -meta=…` would register at the agent of node-1. */
export function registrationBy(words: readonly string[]): Registration {
  const values = (flag: string) =>
    words.filter((word) => word.startsWith(`-${flag}=`)).map((word) => word.slice(flag.length + 2));
  const [Service = ""] = values("name");
  const Meta = Object.fromEntries(values("meta").map((text) => text.split("=", 2)));
  const service = { ID: Service, Service, Port: Number(values("port")[0]), Tags: values("tag"), Meta };
  return { Node: "node-1", Address: "127.0.0.1", Service: service };
}
