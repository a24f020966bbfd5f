import { load } from "js-yaml";
import { expect, test } from "vitest";
import type { Diagnostic } from "../../../src/core/diagnostics/diagnostics.ts";
import { ledger } from "../../builders/ledger.ts";
import { instance, pass, settings } from "../../builders/world.ts";

const CONSOLE = { ports: 9000, owner: "console", exposure: "restricted", from: ["10.8.0.0/16"], purpose: "x" };

const HERE = { node: "node-1", nodeAddress: "192.168.11.21", address: "" };

/** What is told of the port of a service `console`. */
function told(entries: readonly unknown[], tags: readonly string[] = ["traefik.enable=true"]): readonly Diagnostic[] {
  const declared = ledger({
    nodes: { "lb-1": "192.168.11.11", "lb-2": "2001:db8::12", "node-1": "192.168.11.21" },
    ingress: ["lb-1", "lb-2"],
    ports: entries,
  });
  const core = settings();
  const { diagnostics } = pass([instance({ service: "console", port: 9000, tags: [...tags], ...HERE })], {
    settings: { ...core, ports: { ...core.ports, ledger: declared } },
  });
  return diagnostics.filter(({ code }) => code === "PORT_CLOSED_TO_INGRESS");
}

test("a route to a port that the ledger keeps the load balancer away from is told, and the remedy ends that", () => {
  const [warning, ...others] = told([CONSOLE]);
  expect(others).toEqual([]);
  expect(warning?.message).toContain("its from leaves out the load balancer's lb-1, lb-2");
  const [, line = ""] = /^write in ledger\.yml: ports\.0: (.*)$/.exec(warning?.remedy ?? "") ?? [];
  expect(line).toBe('from: [10.8.0.0/16, 192.168.11.11, "2001:db8::12"]');
  expect(told([{ ...CONSOLE, ...(load(line) as { from: string[] }) }])).toEqual([]);
});

test("one of two load balancers that is left out is named alone", () => {
  const [warning] = told([{ ...CONSOLE, from: ["192.168.11.0/24"] }]);
  expect(warning?.message).toContain("leaves out the load balancer's lb-2:");
});

test("another entry that lets it in speaks for the port, too", () => {
  const ingress = { ...CONSOLE, exposure: "ingress" };
  expect(told([ingress, { ...ingress, from: undefined }].map(withoutUndefined))).toEqual([]);
  expect(told([ingress, { ...ingress, from: ["192.168.11.0/24", "2001:db8::/32"] }])).toEqual([]);
  const others = { ...ingress, owner: "others", exposure: "internal", from: ["192.168.11.0/24", "2001:db8::/32"] };
  for (const both of [
    [ingress, others],
    [others, ingress],
  ])
    expect(told(both)).toEqual([]);
});

test("a weaker entry that would let it in does not count beside the stricter one", () => {
  const ingress = { ...CONSOLE, exposure: "ingress", from: undefined };
  expect(told([ingress, CONSOLE].map(withoutUndefined))).toHaveLength(1);
});

test("where clients get in besides, one of which it may be, nothing is told", () => {
  expect(told([{ ...CONSOLE, clients: ["traefik"] }])).toEqual([]);
});

test("without a route nothing is told", () => {
  expect(told([CONSOLE], [])).toEqual([]);
  expect(told([CONSOLE], ["traefik.enable=true", "traefik.http.routers.console.rule=Nonsense("])).toEqual([]);
});

function withoutUndefined(entry: Readonly<Record<string, unknown>>): unknown {
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined));
}
