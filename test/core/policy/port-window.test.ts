import { describe, expect, test } from "vitest";
import { judgePort } from "../../../src/core/policy/port-window.ts";

const ports = {
  dynamic: { first: 20_000, last: 32_000 },
  exceptions: [{ service: "powerdns", ports: { first: 8081, last: 8082 }, purpose: "the API" }],
};

describe("the port window", () => {
  test.each<[string, number, string]>([
    ["web", 19_999, "refused"],
    ["web", 20_000, "dynamic"],
    ["web", 32_000, "dynamic"],
    ["web", 32_001, "refused"],
    ["powerdns", 8080, "refused"],
    ["powerdns", 8081, "exception"],
    ["powerdns", 8082, "exception"],
    ["powerdns", 8083, "refused"],
    ["impostor", 8081, "refused"],
    ["powerdns", 25_000, "dynamic"],
  ])("%s on %d: %s", (service, port, kind) => {
    expect(judgePort(service, port, ports).kind).toBe(kind);
  });

  test("an exception tells its purpose", () => {
    expect(judgePort("powerdns", 8081, ports)).toEqual({ kind: "exception", purpose: "the API" });
  });

  test("a refusal names the port, its class, the range, and the very settings to write", () => {
    const verdict = judgePort('odd "name"', 443, ports);
    if (verdict.kind !== "refused") throw new Error(verdict.kind);
    expect(verdict.message).toBe("port 443 is a system port, outside the dynamic range 20000-32000");
    expect(verdict.remedy).toContain('ports.exceptions: [{ service: "odd \\"name\\"", ports: "443", purpose: "…" }]');
  });

  test.each([
    [0, "no port at all"],
    [1023, "a system port"],
    [1024, "an infrastructure port"],
    [40_000, "outside what the scheduler hands out"],
  ])("port %d is %s", (port, portClass) => {
    expect(judgePort("web", port, ports)).toMatchObject({ message: expect.stringContaining(portClass) });
  });
});
