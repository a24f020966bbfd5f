import { load } from "js-yaml";
import { describe, expect, test } from "vitest";
import { parseLedger } from "../../../src/config/files/ledger-file.ts";
import { coreSettings } from "../../../src/config/resolve/core-settings.ts";
import { judgePort, type WantedBackend } from "../../../src/core/ports/port-window.ts";
import { ledger } from "../../builders/ledger.ts";
import { allSettings, instance, pass, settings } from "../../builders/world.ts";

const inline = settings({
  ports: { exceptions: [{ service: "powerdns", ports: "8081-8082", purpose: "the API" }] },
}).ports;

function wanted(service: string, port: number, more: Partial<WantedBackend> = {}): WantedBackend {
  return { service: { service, namespace: "" }, port, protocol: "tcp", node: "node-1", ...more };
}

function inNamespace(service: string, namespace: string): Pick<WantedBackend, "service"> {
  return { service: { service, namespace } };
}

describe("the port window", () => {
  test.each<[string, number, string]>([
    ["web", 19_999, "refused"],
    ["web", 20_000, "dynamic"],
    ["web", 32_000, "dynamic"],
    ["web", 32_001, "refused"],
    ["powerdns", 8080, "refused"],
    ["powerdns", 8081, "declared"],
    ["powerdns", 8082, "declared"],
    ["powerdns", 8083, "refused"],
    ["impostor", 8081, "refused"],
    ["powerdns", 25_000, "dynamic"],
  ])("%s on %d: %s", (service, port, kind) => {
    expect(judgePort(wanted(service, port), inline).kind).toBe(kind);
  });

  test("a declaration tells its purpose and where it stands", () => {
    expect(judgePort(wanted("powerdns", 8081), inline)).toMatchObject({
      entry: { purpose: "the API", origin: "ports.exceptions.0" },
    });
  });

  test("a refusal names the port, its class, the range, and the very settings to write", () => {
    expect(judgePort(wanted('odd "name"', 443), inline)).toMatchObject({
      code: "PORT_OUTSIDE_WINDOW",
      message: "port 443 is a system port, outside the dynamic range 20000-32000",
      remedy: expect.stringContaining(
        'ports: { exceptions: [{ service: "odd \\"name\\"", ports: "443", purpose: "…" }] }',
      ),
    });
  });

  test("with a ledger the entry to write is the ledger's, and a ledger takes it", () => {
    const ports = { ...inline, ledger: ledger({ ports: [] }) };
    const verdict = judgePort(wanted("dns", 53, { protocol: "udp" }), ports);
    if (verdict.kind !== "refused") throw new Error(verdict.kind);
    const entry = '{ ports: 53, protocol: udp, owner: "dns", exposure: ingress, purpose: "…" }';
    expect(verdict.remedy).toBe(`let the scheduler choose the port, or declare it in ledger.yml: ports: [${entry}]`);
    expect(parseLedger(load(verdict.remedy.replace(/^.*ledger.yml: /, "")), "x").kind).toBe("sound");
  });

  test.each([
    ["the settings", inline],
    ["the ledger", { ...inline, ledger: ledger({ ports: [] }) }],
  ])(
    "for a service of another namespace the line that a refusal prints for %s opens it to that one alone",
    (_, ports) => {
      const verdict = judgePort(wanted("web", 8080, inNamespace("web", "lab")), ports);
      if (verdict.kind !== "refused") throw new Error(verdict.kind);
      const written = load(verdict.remedy.replace(/^.*?(?:settings|ledger\.yml): /, "")) as { ports: never };
      const opened = ports === inline ? settings(written).ports : { ...ports, ledger: ledger(written) };
      const kinds = ["lab", "default", "other"].map(
        (name) => judgePort(wanted("web", 8080, inNamespace("web", name)), opened).kind,
      );
      expect(kinds).toEqual(["declared", "refused", "refused"]);
    },
  );

  test.each([
    [0, "no port at all"],
    [1023, "a system port"],
    [1024, "an infrastructure port"],
    [40_000, "a high port"],
  ])("port %d is %s", (port, portClass) => {
    expect(judgePort(wanted("web", port), inline)).toMatchObject({ message: expect.stringContaining(portClass) });
  });
});

const REFUSED = "PORT_OUTSIDE_WINDOW";

describe("what the ledger says of a port", () => {
  const ports = {
    dynamic: { first: 20_000, last: 32_000 },
    ledger: ledger({
      ports: [
        { ports: "20160-20169", owner: "tikv", exposure: "never", purpose: "store" },
        { ports: 8081, owner: "messaging", exposure: "ingress", nodes: ["app-1"], purpose: "WebSocket" },
        { ports: 8081, owner: "powerdns-api", exposure: "never", nodes: ["dns-1"], purpose: "API" },
        { ports: 30_432, owner: "postgres", exposure: "internal", purpose: "database" },
        { ports: 3478, protocol: "udp", owner: "turn", exposure: "public", purpose: "TURN" },
        { ports: 9000, owner: "minio", namespace: "core", exposure: "restricted", from: ["10.0.0.0/8"], purpose: "S3" },
      ],
    }),
  };

  test.each<[string, string, number, Partial<WantedBackend>, string]>([
    ["never beats the dynamic range", "tikv", 20_160, {}, "PORT_WITHHELD"],
    ["never counts for everybody", "web", 20_169, {}, "PORT_WITHHELD"],
    ["beside it the range is free", "web", 20_170, {}, "dynamic"],
    ["never counts on its node", "powerdns-api", 8081, { node: "dns-1" }, "PORT_WITHHELD"],
    ["never counts on its node for others too", "messaging", 8081, { node: "dns-1" }, "PORT_WITHHELD"],
    ["and not on another", "messaging", 8081, { node: "app-1" }, "declared"],
    ["a declaration counts on its nodes only", "messaging", 8081, { node: "app-2" }, "PORT_OUTSIDE_WINDOW"],
    ["who has left its node may meet any never", "messaging", 8081, { node: undefined }, "PORT_WITHHELD"],
    ["internal counts for the owner", "postgres", 30_432, {}, "PORT_WITHHELD"],
    ["a stranger there is told otherwise", "web", 30_432, {}, "dynamic"],
    ["who points elsewhere may meet the owner", "web", 30_432, { node: undefined }, "PORT_WITHHELD"],
    ["never counts at the address of its node", "web", 8081, { node: "app-1", claimed: ["dns-1"] }, "PORT_WITHHELD"],
    ["also for an owner on its own", "messaging", 8081, { node: "app-1", claimed: ["dns-1"] }, "PORT_WITHHELD"],
    ["and at a name", "messaging", 8081, { node: "app-1", isAnywhere: true }, "PORT_WITHHELD"],
    ["a declaration must cover the claimed node", "messaging", 8081, { node: "app-1", claimed: ["app-2"] }, REFUSED],
    ["an address of no known node", "messaging", 8081, { node: "app-1", isUnlisted: true }, "declared"],
    ["who claims another's address may meet the owner", "web", 30_432, { claimed: ["app-1"] }, "PORT_WITHHELD"],
    ["a declaration is for its protocol", "turn", 3478, { protocol: "udp" }, "declared"],
    ["and no other", "turn", 3478, {}, "PORT_OUTSIDE_WINDOW"],
    ["a catalog without namespaces is believed", "minio", 9000, {}, "declared"],
    ["the right namespace", "minio", 9000, { service: { service: "minio", namespace: "core" } }, "declared"],
    ["a wrong one", "minio", 9000, { service: { service: "minio", namespace: "lab" } }, "PORT_OUTSIDE_WINDOW"],
    [
      "none in the entry, default",
      "messaging",
      8081,
      { node: "app-1", ...inNamespace("messaging", "default") },
      "declared",
    ],
    ["none, another", "messaging", 8081, { node: "app-1", ...inNamespace("messaging", "lab") }, "PORT_OUTSIDE_WINDOW"],
    ["none, internal, another", "postgres", 30_432, inNamespace("postgres", "lab"), "PORT_WITHHELD"],
    ["none, never, another", "tikv", 20_160, inNamespace("tikv", "lab"), "PORT_WITHHELD"],
  ])("%s: %s on %d", (_, service, port, more, expected) => {
    const verdict = judgePort(wanted(service, port, more), ports);
    expect(verdict.kind === "refused" ? verdict.code : verdict.kind).toBe(expected);
  });

  test("a declaration for named nodes does not admit a target of which nobody knows the node", () => {
    const own = { ...ports, ledger: ledger({ ports: [{ ...WEB, nodes: ["app-1"] }] }) };
    expect(judgePort(wanted("web", 8080, { node: undefined }), own).kind).toBe("refused");
    const anywhere = { ...ports, ledger: ledger({ ports: [WEB] }) };
    expect(judgePort(wanted("web", 8080, { node: undefined }), anywhere).kind).toBe("declared");
  });

  test("what an owner listens on behind a port that is withheld is withheld from it, and opens nothing", () => {
    const behind = (exposure: string) => ({
      dynamic: ports.dynamic,
      ledger: ledger({
        ports: [
          { ports: 30_900, owner: ["minio", "s3-*"], exposure, internalPort: 24_000, nodes: ["node-1"], purpose: "S3" },
        ],
      }),
    });
    const kind = (service: string, exposure: string, port = 24_000, more: Partial<WantedBackend> = {}) =>
      judgePort(wanted(service, port, more), behind(exposure)).kind;
    for (const exposure of ["internal", "never"]) {
      expect(["minio", "s3-x", "web"].map((service) => kind(service, exposure))).toEqual([
        "refused",
        "refused",
        "dynamic",
      ]);
      expect(kind("minio", exposure, 24_000, inNamespace("minio", "lab"))).toBe("refused");
      expect(kind("minio", exposure, 24_000, { node: undefined })).toBe("refused");
      expect(kind("minio", exposure, 24_000, { node: "node-2" })).toBe("dynamic");
    }
    expect(kind("minio", "public")).toBe("dynamic");
    const opened = ledger({
      ports: [{ ports: 30_900, owner: "minio", exposure: "public", internalPort: 9000, purpose: "S3" }],
    });
    expect(judgePort(wanted("minio", 9000), { ...ports, ledger: opened }).kind).toBe("refused");
  });

  test("the remedy for another node's address names the own node, where the port is free", () => {
    const at = wanted("web", 24_001, { node: "node-1", claimed: ["node-2"] });
    const never = { ports: 24_001, owner: "tikv", exposure: "never", nodes: ["node-2"], purpose: "store" };
    const by = { ...ports, ledger: ledger({ ports: [never] }) };
    expect(judgePort(at, by)).toMatchObject({
      message: expect.stringContaining("exposed on node-2, whose address the service has (ledger.yml: ports.0"),
      remedy: expect.stringMatching(/^register the service with the address of its own node, node-1; or remove/),
    });
    expect(judgePort({ ...at, claimed: [] }, by).kind).toBe("dynamic");
  });

  test("what is withheld names the entry, its owner and its purpose", () => {
    expect(judgePort(wanted("web", 20_165), ports)).toMatchObject({
      message: "port 20165 is declared never to be exposed (ledger.yml: ports.0, 20160-20169 of tikv: store)",
    });
    expect(judgePort(wanted("postgres", 30_432), ports)).toMatchObject({
      message: "port 30432 is declared internal (ledger.yml: ports.3, 30432 of postgres: database)",
      remedy: expect.stringContaining("change the exposure in ledger.yml: ports.3"),
    });
  });
});

describe("owners as a list or a pattern", () => {
  const ports = {
    dynamic: { first: 20_000, last: 32_000 },
    ledger: ledger({
      ports: [
        { ports: 4646, owner: ["nomad", "nomad-client"], exposure: "ingress", purpose: "API" },
        { ports: 9042, owner: "scylla-*", exposure: "ingress", purpose: "CQL" },
        { ports: 24_000, owner: ["minio", "s3-*"], exposure: "internal", purpose: "S3" },
        { ports: 24_001, owner: "a-*", exposure: "never", purpose: "store" },
      ],
    }),
  };

  test.each<[string, number, Partial<WantedBackend>, string]>([
    ["nomad", 4646, {}, "declared"],
    ["nomad-client", 4646, {}, "declared"],
    ["nomad-evil", 4646, {}, "PORT_OUTSIDE_WINDOW"],
    ["nomad", 4646, inNamespace("nomad", "lab"), "PORT_OUTSIDE_WINDOW"],
    ["scylla-1", 9042, {}, "declared"],
    ["scylla", 9042, {}, "PORT_OUTSIDE_WINDOW"],
    ["scylla-1", 9042, inNamespace("scylla-1", "lab"), "PORT_OUTSIDE_WINDOW"],
    ["minio", 24_000, {}, "PORT_WITHHELD"],
    ["s3-gateway", 24_000, {}, "PORT_WITHHELD"],
    ["s3-gateway", 24_000, inNamespace("s3-gateway", "lab"), "PORT_WITHHELD"],
    ["web", 24_000, {}, "dynamic"],
    ["web", 24_000, { node: undefined }, "PORT_WITHHELD"],
    ["web", 24_001, {}, "PORT_WITHHELD"],
  ])("%s on %d %j: %s", (service, port, more, expected) => {
    const verdict = judgePort(wanted(service, port, more), ports);
    expect(verdict.kind === "refused" ? verdict.code : verdict.kind).toBe(expected);
  });

  test.each([
    ["the settings", inline],
    ["the ledger", ports],
  ])("no line to paste into %s names a service with an asterisk, which would stand for others there", (_, where) => {
    for (const service of ["*", "web*"]) {
      const verdict = judgePort(wanted(service, 443), where);
      expect(verdict).toMatchObject({
        remedy: expect.stringMatching(/^let the scheduler choose.*without an asterisk/),
      });
      expect(verdict).not.toHaveProperty("opens");
    }
  });

  test("the settings' exceptions take patterns like the ledger, and no asterisk alone", () => {
    const exception = (service: string) => ({ ports: { exceptions: [{ service, ports: 8081, purpose: "x" }] } });
    const { ports: opened } = settings(exception("dns-*"));
    expect(["dns-1", "dns"].map((service) => judgePort(wanted(service, 8081), opened).kind)).toEqual([
      "declared",
      "refused",
    ]);
    expect(() => settings(exception("*"))).toThrow('a name, or one with "*" for a part of it, is allowed');
  });
});

test("with compat: traefik neither the range nor the ledger counts", () => {
  const likeTraefik = settings({ compat: "traefik" });
  const never = ledger({ ports: [{ ...WEB, exposure: "never" }] });
  const core = { ...likeTraefik, ports: { ...likeTraefik.ports, ledger: never } };
  const { chart, diagnostics } = pass([instance({ port: 8080 })], { settings: core });
  expect([...chart["http/routers"].keys()]).toEqual(["web"]);
  expect(diagnostics).toEqual([]);
});

test("exceptions in the settings stand beside the ledger's entries, and its never beats them", () => {
  const all = allSettings({ ports: { exceptions: [{ service: "web", ports: "8080-8081", purpose: "old" }] } });
  const never = ledger({ ports: [{ ...WEB, owner: "db", exposure: "never" }] });
  const { ports } = coreSettings({ ...all, loadedLedger: never });
  expect(judgePort(wanted("web", 8081), ports).kind).toBe("declared");
  expect(judgePort(wanted("web", 8080), ports)).toMatchObject({ code: "PORT_WITHHELD" });
  expect(judgePort(wanted("web", 443), ports)).toMatchObject({ remedy: expect.stringContaining("ledger.yml: ports:") });
});

const WEB = { ports: 8080, owner: "web", exposure: "ingress", purpose: "the site" };
