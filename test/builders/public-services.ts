import fc from "fast-check";
import type { Catalog, ServiceInstance } from "../../src/core/catalog/snapshot.ts";
import { instance } from "./world.ts";

/** Few hosts, so that services meet. */
const HOSTS = ["shop.example.org", "example.org", "auth.example.org"] as const;
const ALLOCATIONS = ["703c4212", "94bf6945"].map((id) => `_nomad-task-${id}-93ce-4928-87ea-47fee8cc21d5-group-g-`);

interface Kind {
  readonly tags?: (names: Names) => readonly string[];
  readonly overrides?: Partial<ServiceInstance>;
}

interface Names {
  readonly service: string;
  readonly host: string;
}

const at = ({ service }: Names) => `traefik.http.routers.${service}`;

/** Services as public job files have them, in the order in which they are common. */
const KINDS: Readonly<Record<string, Kind>> = {
  "default rule": {},
  "own host": { tags: (names) => [`${at(names)}.rule=Host(\`${names.host}\`)`] },
  "path of a host": {
    tags: (names) => [`${at(names)}.rule=Host(\`${names.host}\`) && PathPrefix(\`/${names.service}\`)`],
  },
  "TLS twin": {
    tags: (names) => [
      `${at(names)}.rule=Host(\`${names.host}\`)`,
      `${at(names)}.entrypoints=web`,
      `traefik.http.routers.${names.service}-tls.rule=Host(\`${names.host}\`)`,
      `traefik.http.routers.${names.service}-tls.entrypoints=websecure`,
      `traefik.http.routers.${names.service}-tls.tls=true`,
    ],
  },
  "redirect to TLS": {
    tags: (names) => [
      `${at(names)}.rule=Host(\`${names.host}\`)`,
      `${at(names)}.entrypoints=web`,
      `${at(names)}.middlewares=https`,
      "traefik.http.middlewares.https.redirectscheme.scheme=https",
    ],
  },
  "TLS options of a file": {
    tags: (names) => [`${at(names)}.rule=Host(\`${names.host}\`)`, `${at(names)}.tls.options=modern@file`],
  },
  "TLS with a resolver": {
    tags: (names) => [
      `${at(names)}.rule=Host(\`${names.host}\`)`,
      `${at(names)}.entrypoints=websecure`,
      `${at(names)}.tls.certresolver=le`,
      `${at(names)}.tls.domains[0].main=${names.host}`,
    ],
  },
  "static port": { overrides: { port: 8080 }, tags: (names) => [`${at(names)}.rule=Host(\`${names.host}\`)`] },
  "static port by a tag": {
    tags: ({ service }) => [`traefik.http.services.${service}.loadbalancer.server.port=9000`],
  },
  "URL by a tag": {
    tags: ({ service }) => [`traefik.http.services.${service}.loadbalancer.server.url=http://192.168.11.99:8123`],
  },
  "bridge address": { overrides: { address: "172.26.64.5", port: 8080 } },
  "port zero": { overrides: { port: 0 } },
  "sign-on outside the window": {
    tags: (names) => [
      `${at(names)}.rule=Host(\`${names.host}\`)`,
      "traefik.http.middlewares.sso.forwardauth.address=https://auth.example.org/verify",
    ],
  },
  "sign-on on a port": {
    tags: () => [
      "traefik.http.middlewares.authelia.forwardauth.address=http://authelia.service.consul:9091/api/verify",
    ],
  },
  "user of a sign-on": { tags: (names) => [`${at(names)}.middlewares=sso`] },
  "user of a sign-on by Consul": { tags: (names) => [`${at(names)}.middlewares=sso@consulcatalog,authelia@nomad`] },
  "user of a file": { tags: (names) => [`${at(names)}.middlewares=auth@file`] },
  "call-back path": {
    tags: (names) => [`${at(names)}.rule=PathPrefix(\`/oauth2\`)`, `${at(names)}.priority=1000`],
  },
  "call-back path of a domain": {
    tags: (names) => [
      `${at(names)}.rule=HostRegexp(\`^.+\\.example\\.org$\`) && PathPrefix(\`/outpost\`)`,
      `${at(names)}.priority=900`,
    ],
  },
  "bot wall": {
    tags: (names) => [
      `${at(names)}.rule=Host(\`${names.host}\`)`,
      `${at(names)}.entrypoints=websecure`,
      `${at(names)}.priority=10`,
    ],
  },
  "catch-all": { tags: (names) => [`${at(names)}.rule=PathPrefix(\`/\`)`, `${at(names)}.priority=1`] },
  "greedy catch-all": { tags: (names) => [`${at(names)}.rule=PathPrefix(\`/\`)`, `${at(names)}.priority=5000`] },
  canary: {
    tags: (names) => [
      `${at(names)}.rule=Host(\`${names.host}\`)`,
      "traefik.consulcatalog.canary=true",
      "traefik.nomad.canary=true",
    ],
  },
  dashboard: {
    tags: (names) => [
      `${at(names)}.rule=Host(\`${names.host}\`) && PathPrefix(\`/dashboard\`)`,
      `${at(names)}.service=api@internal`,
    ],
  },
  "Traefik's entry point": { tags: (names) => [`${at(names)}.entrypoints=traefik`] },
  "link-local": { overrides: { address: "169.254.169.254", port: 24_099 } },
  database: {
    tags: ({ service }) => [
      `traefik.tcp.routers.${service}.rule=HostSNI(\`*\`)`,
      `traefik.tcp.routers.${service}.entrypoints=${service}`,
    ],
  },
  "database on a shared entry point": {
    tags: ({ service }) => [
      `traefik.tcp.routers.${service}.rule=HostSNI(\`*\`)`,
      `traefik.tcp.routers.${service}.entrypoints=postgres`,
    ],
  },
  "database on its own port": {
    overrides: { port: 5432 },
    tags: ({ service }) => [
      `traefik.tcp.routers.${service}.rule=HostSNI(\`*\`)`,
      `traefik.tcp.routers.${service}.entrypoints=postgres`,
    ],
  },
  "TLS passed through": {
    tags: ({ service, host }) => [
      `traefik.tcp.routers.${service}.rule=HostSNI(\`${host}\`)`,
      `traefik.tcp.routers.${service}.tls.passthrough=true`,
      `traefik.tcp.routers.${service}.entrypoints=websecure`,
    ],
  },
  "TCP before HTTP": {
    tags: ({ service }) => [
      `traefik.tcp.routers.${service}.rule=HostSNI(\`*\`)`,
      `traefik.tcp.routers.${service}.entrypoints=web`,
    ],
  },
  DNS: { overrides: { port: 53 }, tags: ({ service }) => [`traefik.udp.routers.${service}.entrypoints=dns`] },
  "UDP on a dynamic port": { tags: ({ service }) => [`traefik.udp.routers.${service}.entrypoints=dns`] },
  "several routers": {
    tags: (names) => [
      `${at(names)}.rule=Host(\`${names.host}\`)`,
      `traefik.http.routers.${names.service}-api.rule=Host(\`api.${names.host}\`)`,
      `traefik.http.routers.${names.service}-admin.rule=Host(\`${names.host}\`) && PathPrefix(\`/admin\`)`,
      `traefik.http.routers.${names.service}-admin.middlewares=${names.service}-auth`,
      `traefik.http.middlewares.${names.service}-auth.basicauth.users=ann:$apr1$x$y`,
    ],
  },
  "two services": {
    tags: ({ service, host }) => [
      `traefik.http.routers.${service}.rule=Host(\`${host}\`)`,
      `traefik.http.routers.${service}.service=${service}`,
      `traefik.http.services.${service}.loadbalancer.passhostheader=false`,
      `traefik.http.routers.${service}-metrics.rule=Host(\`metrics.${host}\`)`,
      `traefik.http.routers.${service}-metrics.service=${service}-metrics`,
      `traefik.http.services.${service}-metrics.loadbalancer.server.port=9100`,
    ],
  },
  "error page": {
    tags: ({ service, host }) => [
      `traefik.http.routers.${service}.rule=Host(\`${host}\`)`,
      `traefik.http.routers.${service}.middlewares=${service}-errors`,
      `traefik.http.middlewares.${service}-errors.errors.status=500-599`,
      `traefik.http.middlewares.${service}-errors.errors.service=${service}`,
      `traefik.http.middlewares.${service}-errors.errors.query=/{status}.html`,
    ],
  },
  "path to another one's service": {
    tags: ({ service, host }) => [
      `traefik.http.routers.${service}.rule=Host(\`${host}\`)`,
      `traefik.http.routers.${service}.service=${service}`,
      `traefik.http.services.${service}.loadbalancer.passhostheader=true`,
      `traefik.http.routers.${service}-docs.rule=Host(\`${host}\`) && PathPrefix(\`/docs\`)`,
      `traefik.http.routers.${service}-docs.service=one`,
    ],
  },
  "service of Traefik's by a common name": {
    tags: () => ["traefik.http.services.shared.loadbalancer.passhostheader=false"],
  },
  "health check": {
    tags: ({ service }) => [
      `traefik.http.services.${service}.loadbalancer.healthcheck.path=/healthz`,
      `traefik.http.services.${service}.loadbalancer.healthcheck.method=OPTIONS`,
    ],
  },
  "default certificate": {
    tags: (names) => [
      `${at(names)}.rule=Host(\`${names.host}\`)`,
      "traefik.tls.stores.default.defaultgeneratedcert.resolver=le",
    ],
  },
  "rule of Traefik v2": { tags: (names) => [`${at(names)}.rule=HostRegexp(\`{sub:[a-z]+}.${names.host}\`)`] },
  "name with @": {
    tags: (names) => [`${at(names)}.rule=Host(\`${names.host}\`)`, `${at(names)}@file.rule=Path(\`/x\`)`],
  },
  "tag without =": { tags: (names) => [`${at(names)}.tls`] },
  "nothing defines it": { tags: (names) => [`${at(names)}.middlewares=gone`] },
};

/** One service of a kind, by one or two instances. */
const service = fc
  .record({
    kind: fc.constantFrom(...Object.entries(KINDS)),
    name: fc.constantFrom("one", "two", "three", "four", "five"),
    host: fc.constantFrom(...HOSTS),
    allocation: fc.constantFrom("", "", ...ALLOCATIONS),
    namespace: fc.constantFrom("", "", "", "", "team"),
    isTwice: fc.boolean(),
  })
  .map(({ kind: [kind, { tags = () => [], overrides = {} }], name, host, allocation, namespace, isTwice }) => ({
    key: `${namespace}/${name} ${kind === "canary"}`,
    instances: (isTwice ? ["1", "2"] : ["1"]).map((which) => ({
      service: name,
      namespace,
      id: `${allocation}${name}-${kind === "canary" ? "canary-" : ""}${which}`,
      nodeId: `id-${which}`,
      node: `node-${which}`,
      nodeAddress: `192.168.11.1${which}`,
      tags: ["traefik.enable=true", ...tags({ service: name, host })],
      ...overrides,
    })),
  }));

/** A catalog as people fill it: services in the order in which they were registered. Nomad tells the job of each. */
export function publicCatalog(catalog: Catalog): fc.Arbitrary<readonly ServiceInstance[]> {
  return fc.uniqueArray(service, { maxLength: 6, selector: ({ key }) => key }).map((services) =>
    services
      .flatMap(({ instances }) => instances)
      .map((each, i) => ({
        ...instance({ port: 24_001 + i, createIndex: i + 1, checks: [], ...each }),
        catalog,
        ...(catalog === "nomad" ? { job: each.id.slice(0, 20) } : {}),
      })),
  );
}
