import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readObservedServices } from "../../../src/sources/kubernetes/observed-services.ts";

function service(name: string, namespace: string, spec: object) {
  return { apiVersion: "v1", kind: "Service", metadata: { name, namespace, uid: "x" }, spec };
}

function read(items: readonly object[], kind = "List") {
  return readObservedServices(JSON.stringify({ apiVersion: "v1", kind, items, metadata: { resourceVersion: "" } }));
}

describe("the services of a Kubernetes cluster", () => {
  test.each(["List", "ServiceList"])("hold a port of each node where they have a NodePort, in a %s", (kind) => {
    const found = read(
      [
        service("api", "core", {
          type: "NodePort",
          ports: [
            { name: "http", port: 80, targetPort: 8080, nodePort: 30_800, protocol: "TCP" },
            { name: "metrics", port: 9090, targetPort: "metrics", nodePort: 30_801, protocol: "TCP" },
          ],
        }),
        service("dns", "infra", { type: "LoadBalancer", ports: [{ port: 53, nodePort: 30_053, protocol: "UDP" }] }),
        service("internal", "core", { type: "ClusterIP", ports: [{ port: 80, protocol: "TCP" }] }),
        service("headless", "core", { clusterIP: "None" }),
        service("nothing", "core", { type: "ExternalName", ports: null }),
        service("calls", "core", { type: "NodePort", ports: [{ port: 1, nodePort: 30_900, protocol: "SCTP" }] }),
        service("odd", "core", { type: "NodePort", ports: [{ port: 1, nodePort: 30_901, protocol: "constructor" }] }),
      ],
      kind,
    );
    expect(found).toEqual({
      kind: "sound",
      ports: [
        { service: "api", namespace: "core", port: 30_800, protocol: "tcp", leadsTo: 8080 },
        { service: "api", namespace: "core", port: 30_801, protocol: "tcp" },
        { service: "dns", namespace: "infra", port: 30_053, protocol: "udp", leadsTo: 53 },
      ],
    });
  });

  test("hold the port by which a load balancer asks for a node's health, too", () => {
    expect(read([service("lb", "core", { type: "LoadBalancer", ports: [], healthCheckNodePort: 32_000 })])).toEqual({
      kind: "sound",
      ports: [{ service: "lb", namespace: "core", port: 32_000, protocol: "tcp" }],
    });
  });

  test("may be one", () => {
    const one = service("api", "core", { type: "NodePort", ports: [{ port: 80, nodePort: 30_800 }] });
    expect(readObservedServices(JSON.stringify(one))).toMatchObject({ ports: [{ service: "api", port: 30_800 }] });
  });

  test.each<[string, string]>([
    ["", "it is empty"],
    ["NAME TYPE PORT(S)\nkubernetes ClusterIP 443/TCP", "it is no JSON"],
    ["[]", "it is no list of Kubernetes"],
    ["5", "it is no list of Kubernetes"],
    [JSON.stringify({ kind: "PodList", items: [] }), 'it lists "Pod", and services are allowed'],
    [JSON.stringify({ kind: "List", items: [{ kind: "Pod" }] }), 'it lists "Pod", and services are allowed'],
    [JSON.stringify({ kind: "Status", status: "Failure" }), 'it lists "Status"'],
    [
      JSON.stringify({ kind: "List", items: [{ kind: "Service" }] }),
      "items.0.metadata is not what a service of Kubernetes has",
    ],
    [
      JSON.stringify({ kind: "List", items: [service("a", "b", { ports: [{ port: 1, nodePort: 70_000 }] })] }),
      "items.0.spec.ports.0.nodePort is not what",
    ],
  ])("%s is refused with the command that prints what is meant", (text, reason) => {
    const found = readObservedServices(text);
    expect(found).toMatchObject({ kind: "refused", reason: expect.stringContaining(reason) });
    expect(found).toMatchObject({
      reason: expect.stringMatching(/; give it what this prints: kubectl get svc -A -o json$/),
    });
  });

  test("of the example are read", () => {
    const file = join(import.meta.dirname, "../../../deploy/examples/nodeports/services.json");
    const found = readObservedServices(readFileSync(file, "utf8"));
    expect(found.kind).toBe("sound");
  });
});
