import { readFileSync } from "node:fs";

const FILE = new URL("../../deploy/examples/homelab/policy.yml", import.meta.url);

/** The policy of the example site `homelab`, for hosts and addresses of a stage. */
export function examplePolicy(): string {
  const text = readFileSync(FILE, "utf8");
  return `${text.replaceAll("lab.local", "test").replace(/^networks: .*$/m, "")}    backends: [127.0.0.0/8]\n`;
}
