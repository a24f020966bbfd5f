import { expect, test } from "vitest";
import { parseOptions } from "../../bench/options.ts";

test("without flags it measures changes at 100 services on 50 nodes", () => {
  expect(parseOptions([])).toEqual({
    benchmark: "changes",
    services: 100,
    instances: 3,
    nodes: 50,
    changes: 20,
    churn: 0,
    throttleMs: 10,
    peers: ["floor", "portolan", "traefik"],
    hasDefaultCertificate: false,
    scheme: "http",
    strategy: "auto",
    catalog: "real",
    maxSeconds: 300,
  });
});

test("peers take their turns in one order, however they are named", () => {
  expect(parseOptions(["--peers", "consul-template,portolan,floor"]).peers).toEqual([
    "floor",
    "portolan",
    "consul-template",
  ]);
});

test("a build to compare with takes part beside the present one, and beside whom the flags name", () => {
  expect(parseOptions(["--compare", "HEAD~1"]).peers).toEqual(["portolan-before", "portolan"]);
  expect(parseOptions(["--compare", "HEAD~1", "--peers", "floor,portolan"]).peers).toEqual([
    "floor",
    "portolan-before",
    "portolan",
  ]);
});

test.each([
  [
    ["--compare", "HEAD", "--only", "deploys"],
    "--compare: with --only changes|soon|cold-start|idle|burst it is allowed",
  ],
  [["--peers", "portolan-before"], "--peers: portolan-before is the build of --compare REV"],
  [["--churn", "many"], '--churn: found "many", a whole number from 0 on is allowed'],
  [["--services", "0"], '--services: found "0", a whole number from 1 on is allowed'],
  [["--throttle", "2s"], '--throttle: found "2s", milliseconds such as 10ms or 2000ms are allowed'],
  [
    ["--peers", "floor,nginx"],
    '--peers: found "nginx", a list of floor,portolan,portolan-consul,traefik,consul-template is allowed',
  ],
  [["--scheme", "h2"], '--scheme: found "h2", allowed is one of http,https'],
  [["--strategy", "fast"], '--strategy: found "fast", allowed is one of auto,per-service'],
  [["--catalog", "embedded", "--scheme", "https"], "--catalog embedded: it speaks http only"],
  [["--catalog", "embedded"], "--catalog embedded: --peers of floor,portolan is allowed, found traefik"],
  [["--catalog", "nomad", "--scheme", "https"], "--catalog nomad: it speaks http only"],
  [
    ["--catalog", "nomad", "--peers", "floor,consul-template"],
    "--catalog nomad: --peers of floor,portolan,portolan-consul,traefik is allowed, found consul-template",
  ],
  [["--colour", "blue"], "--colour"],
])("%j is refused with what is allowed", (argv, message) => {
  expect(() => parseOptions(argv)).toThrow(message);
});
