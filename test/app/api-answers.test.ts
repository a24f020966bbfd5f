import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { type AnswerParts, apiAnswers } from "../../src/app/api-answers.ts";
import type { App } from "../../src/app/app.ts";
import { createKnownPorts } from "../../src/app/port-survey/known-ports.ts";
import { NO_OPERATOR_CONFIG } from "../../src/core/operator-config/operator-config.ts";
import { dynamicRange } from "../../src/core/ports/dynamic-range.ts";
import { pagesOf } from "../../src/web/pages.ts";
import { instance, settings, snapshot } from "../builders/world.ts";

const NO_VIEWS = {
  readiness: () => ({ isReady: true, reasons: [] }),
  metrics: () => Promise.resolve({ text: "", contentType: "" }),
};

function createSite() {
  const core = settings();
  const site = {
    snapshots: [snapshot([instance()])],
    range: dynamicRange(undefined, []),
    links: {},
  };
  const app = {
    edges: [{ name: "main" }],
    dynamicPorts: { range: () => site.range },
    links: () => site.links,
    knownPorts: createKnownPorts({
      surveys: { latest: () => undefined },
      snapshots: () => site.snapshots,
      core: () => core,
      operatorConfig: () => NO_OPERATOR_CONFIG,
    }),
  } as unknown as App;
  const resources = apiAnswers(app, { catalogs: [] } as unknown as AnswerParts);
  const pages = pagesOf({ ...NO_VIEWS, resources, files: new Map() }, new Set(["x"]));
  const request = { headers: { host: "x" } } as IncomingMessage;
  const ask = async (path: string) => {
    const page = await pages.get(path)?.(new URLSearchParams(), request);
    // A text would be the same as another that says the same.
    if (!(page?.body instanceof Buffer)) throw new Error("the answer was made for this client alone");
    return page.body;
  };
  return { site, ask };
}

test("ports are told to all who ask by the same bytes, until something about them changes", async () => {
  const { site, ask } = createSite();
  let before = await ask("/v1/ports");
  expect(String(before)).toContain('"24001/tcp node-1"');
  expect(await ask("/v1/ports")).toBe(before);
  for (const change of [
    { snapshots: [snapshot([instance({ port: 24_002 })])] },
    { links: { consul: "https://consul.test" } },
    { range: dynamicRange({ first: 24_000, last: 25_000 }, []) },
  ]) {
    Object.assign(site, change);
    const after = await ask("/v1/ports");
    expect(String(after)).not.toBe(String(before));
    expect(await ask("/v1/ports")).toBe(after);
    before = after;
  }
});

test("the document of the API is written once for all who ask", async () => {
  const { ask } = createSite();
  expect(await ask("/v1/openapi.json")).toBe(await ask("/v1/openapi.json"));
});
