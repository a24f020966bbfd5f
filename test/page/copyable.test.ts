import { load } from "js-yaml";
import { expect, test } from "vitest";
import { explain } from "../../src/core/explain/explain.ts";
import { copyablesIn } from "../../src/page/explain/copyable.ts";
import { jobTags } from "../../src/page/explain/job-tags.ts";
import { decidedIn, readExplainCases } from "../golden/explain/explain-case.ts";

test.each([
  ['write "rule" instead of "ruel"', []],
  ["what ends it by hand: portolan release wiki", [["command", "portolan release wiki"]]],
  ["see what Nomad says of it: nomad alloc status 94bf6945", [["command", "nomad alloc status 94bf6945"]]],
  [
    'declare it in the settings: ports: { exceptions: [{ service: "a]b\\"}", ports: "8081" }] }; or not',
    [["settings line", 'ports: { exceptions: [{ service: "a]b\\"}", ports: "8081" }] }']],
  ],
  [
    'put before the other rules of the policy: - { service: "a" } and - { service: "b" }',
    [["policy line", '- { service: "a" }\n- { service: "b" }']],
  ],
  [
    'name a policy file in the settings (policy: FILE) with the content: rules: [{ service: "copy", owns: ["a.org"] }, {}]',
    [["policy line", 'rules: [{ service: "copy", owns: ["a.org"] }, {}]']],
  ],
  [
    "read that one: consul: { datacenter: OTHER }; or both: catalogs: [{ name: one, consul: { datacenter: dc1 } }]",
    [
      ["settings line", "consul: { datacenter: OTHER }"],
      ["settings line", "catalogs: [{ name: one, consul: { datacenter: dc1 } }]"],
    ],
  ],
])("%s", (remedy, expected) => {
  expect(copyablesIn(remedy).map(({ what, text }) => [what, text])).toEqual(expected);
});

test("the lines that remedies of the golden answers have are whole YAML", () => {
  const remedies = readExplainCases().flatMap((one) =>
    [...JSON.stringify(explain(one.explain, decidedIn(one))).matchAll(/"remedy":("(?:[^"\\]|\\.)*")/g)].map(
      ([, text = '""']) => JSON.parse(text) as string,
    ),
  );
  const lines = remedies.flatMap(copyablesIn).filter(({ what }) => what !== "command");
  expect(lines.length).toBeGreaterThan(3);
  for (const { text } of lines) expect(typeof load(text)).toBe("object");
});

test("tags are copied as a job of Nomad's has them", () => {
  expect(jobTags(["traefik.enable=true", `a=$${"{b}"} %{c} "d"`])).toBe(
    ["tags = [", '  "traefik.enable=true",', '  "a=$${b} %%{c} \\"d\\"",', "]", ""].join("\n"),
  );
});
