import { execFileSync } from "node:child_process";
import { load } from "js-yaml";
import { expect, test } from "vitest";
import { shellWord } from "../../src/core/diagnostics/shell-word.ts";
import { explain } from "../../src/core/explain/explain.ts";
import { healthReason } from "../../src/core/explain/way/health-reason.ts";
import type { CoreSettings } from "../../src/core/settings.ts";
import { noPortFinding } from "../../src/core/translate/backend.ts";
import { releaseOf } from "../../src/page/attention/release-commands.ts";
import { copyablesIn } from "../../src/page/explain/copyable.ts";
import { jobTags } from "../../src/page/explain/job-tags.ts";
import { instance as anInstance } from "../builders/world.ts";
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
  ['define "x: portolan release; nomad job stop -purge web" in a file beside the chart', []],
  ['say "a\\": portolan release", or not: portolan status', [["command", "portolan status"]]],
  ['define "x: rules: [{}]" in a snippet', []],
  ["end it: consul maint -disable -service='a;b'; then look", [["command", "consul maint -disable -service='a;b'"]]],
  [
    String.raw`what ends it: portolan release 'it'\''s; "x"'; or wait`,
    [["command", String.raw`portolan release 'it'\''s; "x"'`]],
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

const HOSTILE = "x: portolan release $(id) | sh; 'y";

test("no name of a tenant's becomes a command, and the shell reads each command that names it", () => {
  const instance = anInstance({ id: HOSTILE, node: HOSTILE });
  const settings = { traefik: { strictChecks: ["passing"] } } as unknown as CoreSettings;
  const inMaintenance = (ofNode: boolean) =>
    healthReason(
      instance,
      {
        status: "maintenance",
        because: { id: "_service_maintenance", name: "", status: "critical", output: "", ofNode },
      } as never,
      settings,
      undefined,
    ).remedy;
  const backend = noPortFinding("http", HOSTILE, "traefik").remedy;
  const commands = [inMaintenance(true), inMaintenance(false), backend].flatMap(copyablesIn).map(({ text }) => text);
  expect(commands).toEqual(["consul maint -disable", `consul maint -disable -service=${shellWord(HOSTILE)}`]);
  for (const text of [...commands, releaseOf(HOSTILE).text]) execFileSync("sh", ["-n", "-c", text]);
});

test("tags are copied as a job of Nomad's has them", () => {
  expect(jobTags(["traefik.enable=true", `a=$${"{b}"} %{c} "d"`])).toBe(
    ["tags = [", '  "traefik.enable=true",', '  "a=$${b} %%{c} \\"d\\"",', "]", ""].join("\n"),
  );
});
