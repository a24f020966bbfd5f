import { load } from "js-yaml";
import { describe, expect, test } from "vitest";
import { writeSettings } from "../../../src/config/written/written-settings.ts";

describe("settings that are written for a person", () => {
  test("sections are gathered, comments stand above, and what is off is a comment that one key switches on", () => {
    const text = writeSettings(
      [
        { path: "consul.address", value: "http://127.0.0.1:8500", comment: ["The local agent."] },
        { path: "traefik.version", value: "3.6" },
        { path: "consul.tls.caFile", value: "/etc/ca.pem", isOff: true },
        { path: "traefik.strictChecks", value: ["passing", "warning"] },
        {
          path: "ports.exceptions",
          value: { items: [{ value: { service: "dns", ports: "53", purpose: "fixed" }, comment: "on node-1" }] },
        },
      ],
      ["Two lines", "of heading."],
    );
    expect(text).toBe(
      [
        "# Two lines",
        "# of heading.",
        "",
        "consul:",
        "  # The local agent.",
        '  address: "http://127.0.0.1:8500"',
        "  #tls:",
        "    #caFile: /etc/ca.pem",
        "",
        "traefik:",
        '  version: "3.6"',
        "  strictChecks: [passing, warning]",
        "",
        "ports:",
        "  exceptions:",
        "    # on node-1",
        '    - { service: dns, ports: "53", purpose: fixed }',
        "",
      ].join("\n"),
    );
    expect(load(text)).toEqual({
      consul: { address: "http://127.0.0.1:8500" },
      traefik: { version: "3.6", strictChecks: ["passing", "warning"] },
      ports: { exceptions: [{ service: "dns", ports: "53", purpose: "fixed" }] },
    });
  });

  test.each([
    ["a line end", 'x"\ninjected: true\n#'],
    ["control characters and line ends of Unicode", "\u001b[31m\u0085\u2028\u007f\u202e"],
    ["a lone surrogate", "a\ud800b"],
    ["words of YAML", "yes"],
    ["a number", "0640"],
    ["a comment", "a # b"],
    ["a reference", "*all"],
    ["a key", "__proto__"],
    ["nothing", ""],
  ])("%s stays in its value and in its comment", (_, hostile) => {
    const list = { items: [{ value: { service: hostile }, comment: hostile }] };
    const text = writeSettings([{ path: "one.list", value: list, comment: [hostile] }], [hostile]);
    expect(load(text)).toEqual({ one: { list: [{ service: hostile.toWellFormed() }] } });
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u2028\u202e]/u);
  });
});
