/** A block that no stage of the tests plays here, and why. Its commands of portolan's are read by the command line's parser all the same. */
export interface NotPlayed {
  /** A page, or all of a folder. */
  readonly page: string;
  /** A piece of the block; where nothing is said, all blocks of the page are meant. */
  readonly has?: string;
  /** The test that reads the page and plays the block. */
  readonly heldBy?: string;
  /** The test that plays the same command with other words. */
  readonly alike?: string;
  readonly because: string;
}

const INSTALLS = "test/repo/systemd.test.ts";
const IDENTITY = { page: "docs/identity.md", heldBy: "test/integration/identity-docs.test.ts" };
const JOBS = { page: "nomad-jobs/README.md", heldBy: "test/integration/job-readme.test.ts" };
const EXPLAIN = { heldBy: "test/golden/explain/explain-page.test.ts", because: "its answers are golden cases" };

export const NOT_PLAYED: readonly NotPlayed[] = [
  { page: "CONTRIBUTING.md", has: "npm run sbom", because: "it builds and packs a version, which takes minutes" },
  { page: "docs/explain.md", has: "portolan explain wiki", ...EXPLAIN },
  { page: "docs/explain.md", has: "http://shop.lab.local", ...EXPLAIN },
  { page: "docs/explain.md", has: "portolan explain windmil\n", ...EXPLAIN },
  {
    ...{ page: "docs/before-deploying.md", has: "nomad job run -output", heldBy: "test/integration/check-job.test.ts" },
    because: "Nomad's own parser reads the file",
  },
  {
    ...{ page: "docs/migration.md", has: "portolan compare", alike: "test/integration/moving.test.ts" },
    because: "it asks a real Traefik with a provider of its own",
  },
  {
    ...{ page: "docs/targets.md", has: "--resolver 192.168.11.53", alike: "test/examples/dns.test.ts" },
    because: "it asks a server of DNS",
  },
  {
    page: "deploy/README.md",
    has: "getent group traefik",
    heldBy: INSTALLS,
    because: "it makes users and a service of systemd",
  },
  {
    page: "deploy/README.md",
    has: "consul-token$",
    heldBy: INSTALLS,
    because: "it changes the unit that the block before installs",
  },
  { page: "deploy/README.md", has: "systemctl enable", heldBy: INSTALLS, because: "it starts a service of systemd" },
  {
    page: "deploy/README.md",
    has: "install -d -o 1000 -g traefik",
    because: "it gives directories to users, which needs root",
  },
  { page: "deploy/README.md", has: "openssl req", because: "it gives a file to a group, which needs root" },
  {
    page: "docs/firewall.md",
    has: "systemd-run",
    because: "it loads rules into the kernel, which needs root and systemd",
  },
  ...[
    "consul acl policy create",
    "consul acl token create",
    "consul acl auth-method create",
    "nomad acl policy apply",
  ].map((has) => ({ ...IDENTITY, has, because: "it asks a real Consul with ACLs" })),
  { ...IDENTITY, has: "consul tls cert create", because: "it needs Consul's program" },
  {
    ...{ page: "docs/how-to/locking-down.md", has: "check policy", alike: "test/examples/how-to.test.ts" },
    because: "it is played beside the files that its page shows",
  },
  {
    ...{ page: "docs/first-hour.md", heldBy: "test/integration/first-hour.test.ts" },
    because: "it is typed as a whole beside a real Consul and a real Traefik",
  },
  {
    ...{ page: "docs/how-to/", heldBy: "test/examples/how-to.test.ts" },
    because: "each page has files and services of its own, which are laid out there",
  },
  { ...JOBS, has: "edge.hcl <<'END'", because: "it restarts Nomad, and gives directories to users" },
];
