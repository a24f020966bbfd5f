import { readFileSync } from "node:fs";
import { join } from "node:path";
import { blocksOf, readPage } from "./blocks.ts";
import type { Props } from "./stage/stage.ts";

/** What a block of commands needs beside the stage, and how it ends. */
export interface Scene extends Props {
  readonly page: string;
  /** A piece of the block that no other block of the page has. */
  readonly has: string;
  /** The exit codes of portolan's commands, in order, of a block with one step; where nothing is said each is 0, and the shell ends with the first that is not. */
  readonly ends?: readonly number[];
  /** Words of the page, and what stands for them here. */
  readonly instead?: readonly (readonly [string, string])[];
  /** The page shows what is printed in a block of its own, which begins so. */
  readonly shown?: string;
}

const OUTPUT = "output: { file: routes.yml }\nstateDir: state\nlisten: 127.0.0.1:1\n";
const CONSUL = `consul: { address: "http://127.0.0.1:8500" }\n${OUTPUT}`;
const BEYOND = "docs/beyond.md";

function example(path: string): string {
  return readFileSync(join(import.meta.dirname, "../../deploy/examples", path), "utf8");
}

/** The block of the page that has this text. */
function blockOf(page: string, text: string): string {
  const found = blocksOf(page, readPage(page)).filter((block) => block.text.includes(text));
  if (found.length !== 1) throw new Error(`${page} has ${found.length} blocks with ${JSON.stringify(text)}`);
  return found[0]?.text ?? "";
}

/** Settings as the page shows them, with what they need to be whole. */
function settings(text: string, more = CONSUL): NonNullable<Props["files"]> {
  return { "portolan.yml": `${more}${text}\n` };
}

function service(name: string, port: number, Tags: readonly string[], Node = "node-1", Address = "127.0.0.1") {
  return { Node, Address, Service: { ID: name, Service: name, Port: port, Tags } };
}

const MIGRATED = {
  "/etc/traefik/traefik.yml":
    "providers: { consulCatalog: { endpoint: { address: '127.0.0.1:8500' } } }\nentryPoints: { web: { address: ':80' } }\n",
  "/tmp/new/here.txt": "",
};

/** A block that needs none of this has no row. */
export const SCENES: readonly Scene[] = [
  { page: "README.md", has: "dist/main.js explain wiki", ends: [1] },
  { page: "deploy/README.md", has: "CONTAINER portolan rollback 41", instead: [["rollback 41", "rollback 1"]] },
  { page: "deploy/README.md", has: "out/portolan version", instead: [["out/portolan", "dist/main.js"]] },
  {
    page: "docs/before-deploying.md",
    has: "portolan ports ask 30805",
    files: { ...settings("ports: { ledger: ledger.yml }"), "ledger.yml": example("nodeports/ledger.yml") },
    registered: [service("shop", 30_810, [])],
    ends: [1],
  },
  { page: BEYOND, has: "portolan.wieght=3", ends: [1] },
  { page: BEYOND, has: "portolan.address=wan", ends: [1] },
  {
    page: BEYOND,
    has: "-meta=host=shop",
    files: settings('traefik: { defaultRule: "Host(`{{ default .Name .Meta.host }}.lab.local`)" }'),
  },
  { page: BEYOND, has: "--service orders-grpc", files: settings("backends: { grpc: true }") },
  { page: BEYOND, has: "-tag=traefik.enable=true\n", files: settings("backends: { requireCheck: true }") },
  {
    page: BEYOND,
    has: "app.entrypoints=websecure",
    files: settings(blockOf(BEYOND, "withoutDefaultMiddlewares: true")),
  },
  { page: BEYOND, has: "tls.options=modren", files: settings(blockOf(BEYOND, "VersionTLS13")), ends: [1] },
  {
    page: BEYOND,
    has: "app.middlewares=auth",
    files: {
      ...settings("snippets: /etc/portolan/snippets"),
      "/etc/portolan/snippets/auth.yml":
        "http: { middlewares: { auth: { basicAuth: { usersFile: /etc/traefik/users } } } }\n",
    },
  },
  {
    page: BEYOND,
    has: "--state-dir /tmp/portolan",
    files: {
      ...settings(`${blockOf(BEYOND, "prefix: public")}\nlog: { format: pretty }`, "listen: 127.0.0.1:1\n"),
      "/opt/traefik-private/dynamic/other.yml": "{}\n",
      "/opt/traefik-public/dynamic/other.yml": "{}\n",
    },
    registered: [
      service("intern", 24_000, ["traefik.enable=true"]),
      service("shop", 24_000, ["public.enable=true", "public.http.routers.shop.rule=Host(`shop.example`)"]),
    ],
  },
  {
    page: BEYOND,
    has: "--catalog dc1",
    files: settings(
      'equalNames: prefix\ncatalogs: [{ name: dc1, consul: { address: "http://127.0.0.1:8500" } }]',
      OUTPUT,
    ),
  },
  { page: "docs/guards.md", has: "release shop dns", ends: [0, 0, 1, 0, 0] },
  {
    page: "docs/legacy.md",
    has: "explain --legacy",
    files: {
      ...settings("snippets: snippets"),
      "snippets/legacy.yml": blockOf("docs/legacy.md", "# snippets/legacy.yml"),
    },
    ends: [1],
  },
  {
    page: "docs/migration.md",
    has: "portolan migrate",
    files: MIGRATED,
    instead: [["--out /etc/portolan", "--out /tmp/new"]],
  },
  {
    page: "docs/plan.md",
    has: "--settings new.yml",
    files: {
      "new.yml": CONSUL,
      "policy-new.yml": example("homelab/policy.yml"),
      "ledger-new.yml": example("homelab/ledger.yml"),
    },
    ends: [2, 2, 0, 0],
  },
  {
    page: "docs/plan.md",
    has: "check chart dynamic/*.yml",
    files: {
      "dynamic/shop.yml": [
        "http:",
        "  routers:",
        '    web: { rule: "Host(`a`", service: web }',
        "    # In the file since May.",
        "    # Its service is another team's.",
        '    shop: { rule: "Host(`shop.lab.local`)", service: gone }',
        '  services: { web: { loadBalancer: { servers: [{ url: "http://192.168.11.11:24001" }] } } }',
      ].join("\n"),
    },
    ends: [1],
    shown: "FAILED: dynamic/shop.yml",
  },
  {
    page: "docs/runbook.md",
    has: "journalctl -u portolan --since",
    prints: { journalctl: "lb-1 systemd[1]: portolan.service: Main process exited, code=killed, status=9/KILL\n" },
  },
  {
    page: "docs/runbook.md",
    has: "journalctl -u portolan --grep memory.short",
    prints: {
      journalctl: "lb-1 portolan[4711]: memory is short: with 2530 services 84 MiB live in a heap of at most 108 MiB\n",
    },
  },
  { page: "docs/troubleshooting.md", has: "portolan explain wiki", ends: [1] },
  {
    page: "docs/ports.md",
    has: "ask 53/udp --node dns-1",
    registered: [service("powerdns", 53, [], "dns-1", "192.168.11.53")],
    ends: [1],
  },
  {
    page: "docs/ports.md",
    has: "kubectl get svc",
    prints: { kubectl: '{"apiVersion":"v1","kind":"List","items":[]}' },
    // A port that the ledger does not know, by --strict.
    ends: [1],
  },
];
