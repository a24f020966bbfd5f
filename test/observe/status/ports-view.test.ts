import { describe, expect, test } from "vitest";
import { PORTS, type PortsAnswer } from "../../../src/api/resources/ports.ts";
import type { ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import { DEFAULT_DYNAMIC } from "../../../src/core/ports/dynamic-range.ts";
import { portTable } from "../../../src/core/ports/inventory/port-table.ts";
import { type Ledger, NO_LEDGER } from "../../../src/core/ports/ledger/ledger.ts";
import { surveyPorts } from "../../../src/core/ports/survey.ts";
import { portsView } from "../../../src/observe/status/ports-view.ts";
import { ledger } from "../../builders/ledger.ts";
import { instance, NOW_MS } from "../../builders/world.ts";

const PLANNED = ledger({
  groups: [{ name: "apps", ports: "30800-30809", spacing: 5, purpose: "for people" }],
  ports: [
    { ports: 53, protocol: "both", owner: "powerdns", exposure: "public", nodes: ["dns-1"], purpose: "DNS" },
    { ports: 30_800, owner: "wiki", exposure: "ingress", purpose: "the wiki" },
    { ports: 9000, owner: "minio", exposure: "internal", purpose: "S3" },
  ],
});

/** A view by parameters as they stand in a URL; it has the form that the row says. */
function asked(
  instances: readonly ServiceInstance[],
  query: Readonly<Record<string, string>> = {},
  { declared = NO_LEDGER, surveyedAtMs }: { readonly declared?: Ledger; readonly surveyedAtMs?: number } = {},
): PortsAnswer {
  const survey = surveyPorts(instances, {
    ports: { dynamic: DEFAULT_DYNAMIC, ledger: declared },
    traefik: { prefix: "traefik" },
  });
  const range = { ports: DEFAULT_DYNAMIC, origin: "from the settings" };
  const view = portsView({ survey, surveyedAtMs, range }, PORTS.query.parse(query), { consul: "http://consul" });
  expect(PORTS.answer.strict().parse(view)).toEqual(view);
  return view;
}

test("a registered port is told with its node, class, status and who is there, with a link", () => {
  const { ports, ledger: declared, dynamicPorts } = asked([instance()]);
  expect(ports).toEqual([
    {
      ...{ id: "24001/tcp node-1", ports: "24001", first: 24_001, last: 24_001, protocol: "tcp", isGuess: false },
      ...{ node: "node-1", class: "dynamic", status: "Scheduled", registrations: 1, holders: ["web"] },
      instances: [
        {
          ...{ id: "web-1", node: "node-1", service: "web" },
          links: { consul: "http://consul/ui/dc1/services/web/instances/node-1/web-1" },
        },
      ],
      ...{ declaredFor: [], entries: [], statics: [] },
    },
  ]);
  expect([declared, dynamicPorts]).toEqual([
    null,
    { ports: "20000-32000", first: 20_000, last: 32_000, origin: "from the settings" },
  ]);
});

test("without a survey it is said that the rows are about what asks for routes", () => {
  const { covers, surveyedAt } = asked([]);
  expect([covers, surveyedAt]).toEqual(["watched", null]);
  const surveyed = asked([], {}, { surveyedAtMs: NOW_MS });
  expect([surveyed.covers, surveyed.surveyedAt]).toEqual(["everything", "1970-01-01T00:16:40.000Z"]);
});

test("what the ledger says nothing of is told with the line that declares it, and what Nomad must be told", () => {
  const stranger = instance({ service: "ftp", id: "ftp", port: 2121, tags: [] });
  const { ledger: told } = asked([stranger], {}, { declared: PLANNED });
  expect(told?.undeclared).toEqual([
    {
      ...{ port: 2121, protocol: "tcp", service: "ftp", nodes: ["node-1"], instead: null },
      declaration: '{ ports: 2121, owner: "ftp", exposure: internal, nodes: ["node-1"], purpose: "…" }',
    },
  ]);
  expect(told?.reserved).toEqual([
    { nodes: "every node", config: 'client { reserved { reserved_ports = "30800-30809" } }' },
  ]);
});

test("an entry of the ledger is told with how it stands, a group with its next free port", () => {
  const squatter = instance({ service: "job", id: "job", port: 9000, tags: [] });
  const { ledger: told, ports } = asked([squatter], {}, { declared: PLANNED });
  expect(
    told?.entries.map(({ origin, ports, owner, exposure, scope, status, others }) => [
      ...[origin, ports, owner, exposure, scope, status],
      others.join(),
    ]),
  ).toEqual([
    ["ledger.yml: ports.0", "53", "powerdns", "public", "node", "Reserved", ""],
    ["ledger.yml: ports.1", "30800", "wiki", "ingress", "node", "Reserved", ""],
    ["ledger.yml: ports.2", "9000", "minio", "internal", "node", "Squatted", "job"],
  ]);
  expect(told?.groups.map(({ name, nextFree, isCrowded }) => [name, nextFree, isCrowded])).toEqual([
    ["apps", 30_805, false],
  ]);
  expect(ports.find(({ first }) => first === 9000)).toMatchObject({
    status: "Squatted",
    holders: ["job"],
    declaredFor: ["minio"],
    entries: ["ledger.yml: ports.2"],
  });
});

describe("the rows that are asked for", () => {
  const all = [
    instance(),
    instance({ service: "job", id: "job", port: 9000, tags: [] }),
    instance({ service: "odd", id: "odd", node: "node-2", port: 24_002 }),
  ];
  function first(query: Readonly<Record<string, string>>): readonly number[] {
    return asked(all, query, { declared: PLANNED }).ports.map((row) => row.first);
  }

  test("are those of a service, registered or declared", () => {
    expect(first({ service: "web" })).toEqual([24_001]);
    expect(first({ service: "minio" })).toEqual([9000, 9000]);
  });

  test("are those of a node, and those of every node", () => {
    expect(first({ node: "node-2" })).toEqual([9000, 24_002, 30_800]);
  });

  test("are those of a class, and those that stand so", () => {
    expect(first({ class: "dynamic" })).toEqual([24_001, 24_002, 30_800]);
    expect(first({ status: "Squatted" })).toEqual([9000]);
  });
});

describe("pages", () => {
  test("hold every row of the table once, in its order, however short they are", () => {
    const all = ["*", "", "node-1", "node 2/tcp", "ü\nx"].flatMap((node) =>
      [24_001, 24_002].map((port) => instance({ node, port, id: `${node}-${port}` })),
    );
    const declared = ledger({
      nodes: { spare: "10.0.0.9" },
      ports: [{ ports: "24001-24003", owner: "x", exposure: "ingress", purpose: "y" }],
    });
    const whole = asked(all, {}, { declared });
    const pages: string[] = [];
    for (let after: string | null = "0/tcp"; after !== null; ) {
      const page: PortsAnswer = asked(all, { limit: "1", after }, { declared });
      pages.push(...page.ports.map(({ id }) => id));
      expect(page.total).toBe(whole.total);
      after = page.next;
    }
    expect(pages).toEqual(whole.ports.map(({ id }) => id));
    expect(pages.filter((id) => id.startsWith("24001/"))).toEqual([
      ...["24001/tcp ", "24001/tcp *", "24001/tcp node 2/tcp", "24001/tcp node-1", "24001/tcp ü\nx", "24001/tcp"],
    ]);
  });

  test("begin where a page has ended, else the request is refused with what is allowed", () => {
    for (const after of ["x", "80/sctp node-1", "123456/tcp node-1"]) {
      expect(() => asked([], { after })).toThrow("next of the page before is allowed");
    }
  });

  test("stay small, however many a tenant registers at one port", () => {
    const crowd = Array.from({ length: 3_000 }, (_, at) => instance({ service: `s${at}`, id: `s${at}` }));
    const { ports } = asked(crowd);
    expect(
      ports.map(({ registrations, holders, instances }) => [registrations, holders.length, instances.length]),
    ).toEqual([[3_000, 10, 10]]);
  });
});

test("the rows are those of the table that portolan ports prints", () => {
  const survey = surveyPorts([instance()], {
    ports: { dynamic: DEFAULT_DYNAMIC, ledger: PLANNED },
    traefik: { prefix: "traefik" },
  });
  const { ports } = asked([instance()], {}, { declared: PLANNED });
  expect(ports.map(({ first, protocol, node, status }) => [first, protocol, node, status])).toEqual(
    portTable(survey).map(({ ports: { first }, protocol, node, status }) => [first, protocol, node ?? null, status]),
  );
});
