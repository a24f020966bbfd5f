import { readFileSync } from "node:fs";

function written(site: string): string {
  return readFileSync(new URL(`../../deploy/examples/${site}/policy.yml`, import.meta.url), "utf8");
}

/** The policy of the example site `homelab`, for hosts and addresses of a stage. */
export function examplePolicy(): string {
  const text = written("homelab").replaceAll("lab.local", "test");
  return `${text.replace(/^networks: .*$/m, "")}    backends: [127.0.0.0/8]\n`;
}

/** The policy of the example site `messenger`: services of a stage name no entry point, and `chat.test` is the host of its browsers. */
export function messengerPolicy(): string {
  return written("messenger")
    .replaceAll("*.chat.example", "*.test")
    .replaceAll("chat.example", "chat.test")
    .replace(/^networks: .*$/m, "")
    .replace(/^ *entryPoints: \[websecure\]\n/gm, "");
}
