import { expect, test } from "vitest";
import type { ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import type { Claimant } from "../../../src/core/hosts/claimant.ts";
import type { Refusal } from "../../../src/core/hosts/conflicts/refusal.ts";
import type { GrantLines } from "../../../src/core/hosts/grant-lines.ts";
import { hostDiagnostics } from "../../../src/core/hosts/host-diagnostics.ts";
import { claimant, host } from "../../builders/claimants.ts";

const web = claimant("web", { rule: host("a.org") });
const thief = claimant("thief", { rule: host("a.org"), priority: 99 });
const gone = claimant("gone", { rule: host("a.org"), kind: "absent" });
const operator = claimant("op", { rule: host("a.org"), kind: "operator", service: "own.yml" });
const tcp = claimant("tcp", { section: "tcp/routers", rule: "HostSNI(`*`)" });

function shown(
  refused: readonly (readonly [Claimant, Refusal])[],
  shadowed: readonly (readonly [Claimant, Claimant])[] = [],
  lines?: GrantLines,
) {
  const linesOf = new Map(lines === undefined ? [] : refused.map(([one]) => [one, lines]));
  return hostDiagnostics(new Map(refused), new Map(shadowed), linesOf).map(
    ({ code, subject, message, remedy }) => `${subject.service}: ${code} ${message} | ${remedy}`,
  );
}

const CONTESTED =
  'web: CLAIM_CONTESTED http/routers/web is untouched, but http/routers/thief of service "thief" asked for what it takes, and was left out | nothing, unless the other one is right';

test.each<[string, Claimant, Refusal, readonly string[]]>([
  [
    "a host of another service: both get a diagnostic",
    thief,
    { winner: web, why: { kind: "host-taken", host: "a.org" } },
    [
      'thief: HOST_TAKEN http/routers/thief asks for the host "a.org", which belongs to service "web" | choose another host; services of one allocation or of one namespace may share a host, and a policy may grant it',
      CONTESTED,
    ],
  ],
  [
    "a host of an absent owner: it gets none",
    thief,
    { winner: gone, why: { kind: "host-taken", host: "a.org" } },
    [
      'thief: HOST_TAKEN http/routers/thief asks for the host "a.org", which belongs to service "gone" and is kept for it | choose another host; services of one allocation or of one namespace may share a host, and a policy may grant it',
    ],
  ],
  [
    "all requests of the operator's router",
    thief,
    { winner: operator, why: { kind: "takes-over-host", host: "a.org" } },
    [
      `thief: SHADOWS_OWNED_HOST http/routers/thief would take all requests of http/routers/op at "a.org" from the operator, in own.yml | narrow the rule, by a longer path for example, give the router a priority below ${operator.priority}, or let it listen at entry points that http/routers/op does not have; where the service is to take over from own.yml, nothing yet: the file goes first until its lines are deleted, and when they may be says: portolan explain --legacy`,
    ],
  ],
  [
    "a wide rule with a greater priority",
    thief,
    { winner: web, why: { kind: "comes-before" } },
    [
      `thief: SHADOWS_OWNED_HOST http/routers/thief matches the host "a.org" of service "web" and comes before http/routers/web, with priority 99 to ${web.priority} | name the hosts of the rule, or give the router a priority below ${web.priority}`,
      CONTESTED,
    ],
  ],
])("%s", (_, refused, refusal, expected) => {
  expect(shown([[refused, refusal]])).toEqual(expected);
});

test.each<[string, GrantLines, string]>([
  [
    "where there is no policy, the content of its file",
    { kind: "share", services: ["thief", "web"], text: "rules: [{}]", rules: ["{}"] },
    'may share a host; to let the services "thief", "web" have both host and path, name a policy file in the settings (policy: FILE) with the content: rules: [{}]',
  ],
  [
    "where there is one, what to put before its rules",
    { kind: "instead", services: ["thief"], text: "- {}", rules: ["{}"] },
    'may share a host; to give it to service "thief" instead, which takes it from the one that has it, put before the other rules of the policy: - {}',
  ],
])("the lines of a policy end the remedy: %s", (_, lines, expected) => {
  const [first] = shown([[thief, { winner: web, why: { kind: "host-taken", host: "a.org" } }]], [], lines);
  expect(first?.endsWith(expected)).toBe(true);
});

test("services of one job in Nomad's catalog may share a host; Consul does not tell the job", () => {
  const remedyFor = (overrides: Partial<ServiceInstance>) => {
    const by = (one: Claimant): Claimant => ({
      ...one,
      instances: one.instances.map((own) => ({ ...own, ...overrides })),
    });
    return shown([[by(thief), { winner: by(web), why: { kind: "host-taken", host: "a.org" } }]])[0];
  };
  expect(remedyFor({ job: "shop" })).toContain("; services of one Nomad job or of one namespace may share a host, and");
  expect(remedyFor({ id: "_nomad-task-5b0c7a1e-2f6d-4c3b-8a97-6e5d4c3b2a19-group-web-web-http" })).toContain(
    "; Consul does not tell which Nomad job a service belongs to, so that the groups of one job count as strangers",
  );
});

test("TCP before HTTP is not a matter of priorities", () => {
  const [first] = shown([[tcp, { winner: web, why: { kind: "comes-before" } }]]);
  expect(first).toContain("comes before it, as TCP before HTTP | name the hosts of the rule, or listen at");
});

test("an equal set is reported with its entry points", () => {
  const at = claimant("at", { rule: "PathPrefix(`/`)", entryPoints: ["web"] });
  expect(shown([[at, { winner: thief, why: { kind: "equal-set" } }]])[0]).toContain(
    'at: HOST_TAKEN http/routers/at asks for all that http/routers/thief of service "thief" takes at web |',
  );
});

test("the diagnostic of a shadowed router says whether anything is left for it", () => {
  const every = claimant("every", { rule: "HostRegexp(`^.+\\.org$`)", priority: 99 });
  const part = claimant("part", { rule: "PathPrefix(`/x`)", priority: 99 });
  expect(shown([], [[web, every]])[0]).toContain("HOST_SHADOWED http/routers/web gets no request: http/routers/every");
  expect(shown([], [[web, part]])[0]).toContain(
    "HOST_SHADOWED http/routers/web does not get all requests: http/routers/part",
  );
});

test("diagnostics come in the order of the routers' keys", () => {
  const why = { winner: gone, why: { kind: "equal-set" } } as const;
  expect(
    shown([
      [thief, why],
      [web, why],
    ]).map((text) => text.split(":")[0]),
  ).toEqual(["thief", "web"]);
  expect(
    shown([
      [web, why],
      [thief, why],
    ]).map((text) => text.split(":")[0]),
  ).toEqual(["thief", "web"]);
});
