import { expect, test } from "vitest";
import { DIAGNOSTICS } from "../../../src/api/resources/diagnostics.ts";
import type { ServiceInstance } from "../../../src/core/catalog/snapshot.ts";
import { DIAGNOSTIC_CODES, type DiagnosticCode } from "../../../src/core/diagnostics/diagnostics.ts";
import { diagnose } from "../../../src/core/diagnostics/finding.ts";
import { diagnosticsView } from "../../../src/observe/status/diagnostics-view.ts";
import type { UiAddresses } from "../../../src/observe/ui-links.ts";
import { instance } from "../../builders/world.ts";
import { STATUS } from "./statuses.ts";

function wrong(service: string, code: DiagnosticCode = "TAG_UNKNOWN_KEY", overrides: Partial<ServiceInstance> = {}) {
  return diagnose(instance({ service, ...overrides }), { code, message: `m ${service}`, remedy: "r", tag: "t" });
}

function asked(
  diagnostics: readonly ReturnType<typeof wrong>[],
  query: Readonly<Record<string, string>> = {},
  ui: UiAddresses = {},
) {
  const instances = [[instance({ service: "sound" }), instance({ service: "web" })]];
  const charts = [{ name: "main", status: { ...STATUS, diagnostics, instances } }];
  const view = diagnosticsView(charts, DIAGNOSTICS.query.parse(query), ui);
  expect(DIAGNOSTICS.answer.strict().parse(view)).toEqual(view);
  return view;
}

test("errors come first, each with its subject, message and remedy", () => {
  const { diagnostics, total } = asked([wrong("b", "TAG_IGNORED"), wrong("a")]);
  expect(total).toBe(2);
  expect(diagnostics.map(({ severity }) => severity)).toEqual(["error", "warning"]);
  expect(diagnostics[0]).toMatchObject({
    chart: "main",
    code: "TAG_UNKNOWN_KEY",
    subject: { service: "a", instance: "web-1", node: "node-1", tag: "t" },
    message: "m a",
    remedy: "r",
  });
});

test("each code of a page is told with what it means, once", () => {
  const { codes } = asked([wrong("a"), wrong("b"), wrong("c", "TAG_IGNORED")], { limit: "2" });
  expect(codes).toEqual({ TAG_UNKNOWN_KEY: DIAGNOSTIC_CODES.TAG_UNKNOWN_KEY.doc });
});

test("thousands of one service hide none of another", () => {
  const flood = Array.from({ length: 5_000 }, () => wrong("a-flood"));
  const { diagnostics, total } = asked([...flood, wrong("z")], { limit: "51" });
  expect(total).toBe(5_001);
  expect(diagnostics.at(-1)?.subject.service).toBe("z");
});

test("pages give each once", () => {
  const all = ["a", "b", "c", "d", "e"].map((service) => wrong(service));
  const services: string[] = [];
  for (let after: string | null | undefined; after !== null; ) {
    const page = asked(all, { limit: "2", ...(after === undefined ? {} : { after }) });
    services.push(...page.diagnostics.map(({ subject }) => subject.service));
    after = page.next;
  }
  expect(services).toEqual(["a", "b", "c", "d", "e"]);
  expect(() => asked(all, { after: "web" })).toThrow("next of the page before is allowed");
});

test.each([
  [{ code: "TAG_IGNORED" }, ["prod/web"]],
  [{ code: "NAME_TAKEN" }, []],
  [{ severity: "error" }, ["db"]],
  [{ service: "web" }, ["prod/web"]],
  [{ service: "sound" }, []],
])("%j finds those about %j", (query, expected) => {
  const { diagnostics } = asked([wrong("prod/web", "TAG_IGNORED"), wrong("db")], query);
  expect(diagnostics.map(({ subject }) => subject.service)).toEqual(expected);
});

test.each([
  [{ code: "TAG_IGNRED" }, "did you mean TAG_IGNORED?"],
  [{ service: "soudn" }, "did you mean sound?"],
])("%j names what does not exist", (query, message) => {
  expect(() => asked([], query)).toThrow(message);
});

test("a diagnostic has the links of its instance, where there are web interfaces", () => {
  const [one] = asked([wrong("web")], {}, { consul: "https://consul.test" }).diagnostics;
  expect(one?.links).toEqual({ consul: "https://consul.test/ui/dc1/services/web/instances/node-1/web-1" });
});
