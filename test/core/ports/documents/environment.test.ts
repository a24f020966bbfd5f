import { describe, expect, test } from "vitest";
import { environmentOf } from "../../../../src/core/ports/documents/environment.ts";
import { ledger } from "../../../builders/ledger.ts";

const MESSENGER = ledger({
  ports: [
    {
      ports: 50_052,
      owner: "messaging-grpc",
      exposure: "ingress",
      purpose: "messages",
      env: { GUARDYN_PORT: "{port}" },
    },
    {
      ...{ ports: 8081, owner: "messaging-ws", exposure: "ingress", purpose: "WebSocket" },
      env: { WEBSOCKET_PORT: "{port}", ENABLE_WEBSOCKET: true },
    },
    { ports: 4222, owner: "nats", exposure: "never", purpose: "clients", clients: ["messaging-*"] },
    {
      ...{ ports: "2379-2380", owner: "pd", exposure: "never", purpose: "placement", clients: ["messaging-grpc"] },
      clientEnv: { PD_URL: "http://{host}:{port}" },
    },
  ],
});

function variables(services: readonly string[], of = MESSENGER): Readonly<Record<string, string>> {
  const found = environmentOf(
    of,
    services.map((service) => ({ service, namespace: "" })),
  );
  return Object.fromEntries(found.variables.map(({ name, value }) => [name, value]));
}

describe("the environment of a service", () => {
  test("has its own ports by the names of the ledger, and the end points of what it is a client of", () => {
    expect(variables(["messaging-grpc"])).toEqual({
      GUARDYN_PORT: "50052",
      NATS_ENDPOINT: "nats.service.consul:4222",
      PD_URL: "http://pd.service.consul:2379",
    });
  });

  test("of a process that runs two services has what both have, each once", () => {
    expect(variables(["messaging-grpc", "messaging-ws"])).toEqual({
      GUARDYN_PORT: "50052",
      WEBSOCKET_PORT: "8081",
      ENABLE_WEBSOCKET: "true",
      NATS_ENDPOINT: "nats.service.consul:4222",
      PD_URL: "http://pd.service.consul:2379",
    });
  });

  test("has names by default, with the port where one owner has several", () => {
    expect(variables(["pd"])).toEqual({ PD_PORT: "2379" });
    const several = ledger({
      ports: [9042, 9142].map((ports) => ({
        ports,
        owner: "scylla",
        exposure: "never",
        purpose: "x",
        clients: ["app"],
      })),
    });
    expect(variables(["scylla"], several)).toEqual({ SCYLLA_PORT_9042: "9042", SCYLLA_PORT_9142: "9142" });
    expect(variables(["app"], several)).toEqual({
      SCYLLA_ENDPOINT_9042: "scylla.service.consul:9042",
      SCYLLA_ENDPOINT_9142: "scylla.service.consul:9142",
    });
  });

  test("a process listens on its internal port, its clients connect to the node's", () => {
    const nodePorts = ledger({
      endpointHost: "{owner}.{namespace}.svc.cluster.local",
      ports: [
        {
          ...{ ports: 30_432, owner: "postgres", namespace: "core", exposure: "internal", internalPort: 5432 },
          ...{ purpose: "x", clients: ["core/web"] },
        },
      ],
    });
    expect(variables(["postgres"], nodePorts)).toEqual({ POSTGRES_PORT: "5432" });
    expect(variables(["web"], nodePorts)).toEqual({ POSTGRES_ENDPOINT: "postgres.core.svc.cluster.local:30432" });
  });

  test("names are such as a shell takes, whatever a service is called", () => {
    const odd = ledger({
      ports: [
        { ports: 1, owner: "9-lives.v2", exposure: "never", purpose: "x" },
        { ports: 2, owner: "$(id)", exposure: "never", purpose: "x" },
      ],
    });
    expect(variables(["9-lives.v2"], odd)).toEqual({ _9_LIVES_V2_PORT: "1" });
    expect(variables(["$(id)"], odd)).toEqual({ ID_PORT: "2" });
  });

  test("tells services that the ledger does not know, and names that mean two things", () => {
    expect(environmentOf(MESSENGER, [{ service: "messaging", namespace: "" }]).unknown).toEqual([
      { service: "messaging", namespace: "" },
    ]);
    const namesakes = ledger({
      ports: ["core", "lab"].map((namespace, i) => ({
        ...{ ports: i + 1, owner: "api", namespace, exposure: "never", purpose: "x" },
      })),
    });
    expect(environmentOf(namesakes, [{ service: "api", namespace: "" }]).ambiguous).toMatchObject([
      { among: ["core/api", "lab/api"] },
    ]);
    expect(environmentOf(namesakes, [{ service: "api", namespace: "lab" }])).toMatchObject({
      variables: [{ name: "API_PORT", value: "2" }],
      ambiguous: [],
    });
    const clash = ledger({
      ports: [1, 2].map((ports) => ({
        ports,
        owner: `app-${ports}`,
        exposure: "never",
        purpose: "x",
        env: { PORT: "{port}" },
      })),
    });
    const services = ["app-1", "app-2"].map((service) => ({ service, namespace: "" }));
    expect(environmentOf(clash, services)).toMatchObject({
      variables: [],
      clashes: [{ name: "PORT", values: ["1", "2"] }],
    });
  });
});
