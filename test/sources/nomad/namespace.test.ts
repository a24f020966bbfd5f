import { expect, test } from "vitest";
import { jsonAnswer, send } from "../../../src/simulator/api/answer.ts";
import { answers403 } from "../../../src/simulator/faults/faults.ts";
import { inWorld, register } from "./world.ts";

const NAMESPACES = "/v1/namespaces";

function tells(names: readonly string[]) {
  return async ({ response }: Parameters<ReturnType<typeof answers403>>[0]) =>
    send(
      response,
      jsonAnswer(
        names.map((Name) => ({ Name })),
        { "X-Nomad-Index": "7" },
      ),
    );
}

test("a namespace that does not exist is said to be a mistake in the settings, and no empty snapshot", async () => {
  await inWorld({ namespaces: ["prod"], isClosed: true }, async ({ server, source, failures, eventually }) => {
    server.faults.set(NAMESPACES, tells(["default", "production"]));
    await server.reopen();
    await eventually("the failure", () => failures.length > 0);
    expect(failures[0]).toMatchObject({
      code: "E_CATALOG_SETTING",
      message:
        'nomad.namespace: Nomad has no namespace "prod" that the token may see; it has default, production: name one of these, or create it with nomad namespace apply prod',
    });
    expect(source.snapshot()).toBeUndefined();
    server.faults.set(NAMESPACES, tells(["default", "prod"]));
    await eventually("the empty snapshot", () => source.snapshot());
  });
});

test("a token that is not told the namespaces gets an empty snapshot of an empty one", async () => {
  await inWorld({ namespaces: ["prod"], isClosed: true }, async ({ server, source, failures, eventually }) => {
    server.faults.set(NAMESPACES, answers403());
    await server.reopen();
    await eventually("the empty snapshot", () => source.snapshot());
    expect(failures).toEqual([]);
  });
});

test("a namespace with services is not asked after", async () => {
  const prepare = (catalog: Parameters<typeof register>[0]) => register(catalog, "web", 24_001, { Namespace: "prod" });
  await inWorld({ namespaces: ["prod"], prepare }, async ({ server, ports, eventually }) => {
    await eventually("the service", () => ports("web").length === 1);
    expect(server.requests.count(NAMESPACES)).toBe(0);
  });
});

test("beside one that exists a namespace that does not is told once, and the other is charted", async () => {
  const prepare = (catalog: Parameters<typeof register>[0]) => register(catalog, "web", 24_001);
  await inWorld({ namespaces: ["default", "prod"], prepare }, async ({ catalog, doubts, ports, eventually }) => {
    await eventually("the service", () => ports("web").length === 1);
    register(catalog, "web", 24_002);
    await eventually("the change", () => ports("web").includes(24_002));
    expect(doubts).toEqual([
      'nomad.namespace: Nomad has no namespace "prod" that the token may see; it has default: name one of these, or create it with nomad namespace apply prod',
    ]);
  });
});
