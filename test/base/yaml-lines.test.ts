import { expect, test } from "vitest";
import { linesOfKeys } from "../../src/base/yaml-lines.ts";

test("each key has its line, in blocks, in flows and in lists", () => {
  const text = [
    "# a comment",
    "publish:",
    "  quiet: 100ms",
    "  # another",
    "  maxDelay: |",
    "    1s",
    "edges: [{ name: a,",
    "  file: b }]",
    "ports:",
    "  exceptions:",
    "    - service: web",
    '      "ports": 80',
    "    - plain",
    "consul: &same { token: x }",
    "nomad: *same",
    "stateDir: /x",
    "---",
    "listen: later",
  ].join("\n");
  expect(Object.fromEntries(linesOfKeys(text))).toEqual({
    publish: 2,
    "publish.quiet": 3,
    "publish.maxDelay": 5,
    edges: 7,
    "edges.0": 7,
    "edges.0.name": 7,
    "edges.0.file": 8,
    ports: 9,
    "ports.exceptions": 10,
    "ports.exceptions.0": 11,
    "ports.exceptions.0.service": 11,
    "ports.exceptions.0.ports": 12,
    consul: 14,
    "consul.token": 14,
    nomad: 15,
    stateDir: 16,
  });
});

test.each(["", "# nothing", "a: [", "- 1\n- 2", "\u0000"])("%j has no keys, and breaks nothing", (text) => {
  expect(linesOfKeys(text).size).toBe(0);
});
