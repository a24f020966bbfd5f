import fc from "fast-check";
import { expect, test } from "vitest";
import { mermaidFlowchart } from "../../../src/cli/text/mermaid.ts";
import type { FlowNode } from "../../../src/core/ports/documents/document.ts";

const TEXT = String.raw`(?:[\p{L}\p{N} .,:/_()-]|#\d+;|<br>)*`;

/** Every kind of line that a diagram may have; whatever a name does, it makes no other. */
const LINE = new RegExp(
  [
    "^flowchart (?:LR|TB)$",
    `^ {2}subgraph frame_n_\\w*\\["${TEXT}"\\]$`,
    "^ {2}end$",
    `^ {2,4}n_\\w*(?:\\["${TEXT}"\\]|\\(\\["${TEXT}"\\]\\)|\\[\\("${TEXT}"\\)\\])$`,
    `^ {2}n_\\w* -->(?:\\|"${TEXT}"\\|)? n_\\w*$`,
  ].join("|"),
  "u",
);

const HOSTILE = [
  'x"] --> evil["',
  "end",
  "%%{init: {}}%%",
  "a\nb",
  "click a href",
  "<img src=x>",
  "#quot;",
  "]]",
  "`md`",
  "1. a",
  "- a",
  "* a",
  "\u202e",
];

const node = fc.record(
  {
    key: fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom(...HOSTILE)),
    label: fc.array(fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom(...HOSTILE)), {
      minLength: 1,
      maxLength: 3,
    }),
    shape: fc.constantFrom("box" as const, "round" as const, "store" as const),
    frame: fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom(...HOSTILE)),
  },
  { requiredKeys: ["key", "label", "shape"] },
) as fc.Arbitrary<FlowNode>;

test("no name is more than a label", () => {
  fc.assert(
    fc.property(fc.uniqueArray(node, { selector: ({ key }) => key, maxLength: 6 }), fc.string(), (nodes, label) => {
      const arrows = nodes.map(({ key }) => ({ from: nodes[0]?.key ?? "", to: key, label }));
      const lines = mermaidFlowchart({ kind: "flowchart", direction: "LR", nodes, arrows }).split("\n");
      expect(lines.pop()).toBe("");
      expect(lines.filter((line) => !LINE.test(line))).toEqual([]);
      // Each node has an id of its own.
      const ids = lines.flatMap((line) => /^ {2,4}(n_\w*)[[(]/.exec(line)?.[1] ?? []);
      expect(new Set(ids).size).toBe(nodes.length);
    }),
  );
});

test("ids are made of names, so that a new node changes no other line", () => {
  const nodes: readonly FlowNode[] = [
    { key: "users", label: ["users"], shape: "round" },
    { key: "service a-b", label: ["a-b"], shape: "box", frame: "apps" },
    { key: "service a_b", label: ["a_b", '"quoted" <b>'], shape: "store", frame: "apps" },
  ];
  const arrows = [
    { from: "users", to: "service a-b", label: "80, 443" },
    { from: "service a-b", to: "service a_b", label: "" },
  ];
  expect(mermaidFlowchart({ kind: "flowchart", direction: "LR", nodes, arrows })).toBe(
    [
      "flowchart LR",
      '  n_users(["users"])',
      '  subgraph frame_n_apps["apps"]',
      '    n_service_a_b["a-b"]',
      '    n_service_a_b_2[("a_b<br>#34;quoted#34; #60;b#62;")]',
      "  end",
      '  n_users -->|"80, 443"| n_service_a_b',
      "  n_service_a_b --> n_service_a_b_2",
      "",
    ].join("\n"),
  );
});
