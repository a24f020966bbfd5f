import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { endHere } from "../../in-process.ts";

describe("portolan check tags", () => {
  test("says what sound tags mean, and ends with 0", async () => {
    const tags = ["traefik.enable=true", "traefik.http.routers.x.rule=Host(`a`)"];
    const result = await endHere(["check", "tags", "--service", "shop", ...tags]);
    expect(result).toMatchObject({ code: 0, stderr: "" });
    expect(result.stdout).toBe(
      [
        ...[
          "http:",
          "  routers:",
          "    x:",
          "      rule: Host(`a`)",
          "      service: shop",
          "  services:",
          "    shop:",
        ],
        ...["      loadBalancer:", "        servers:", "          - url: http://192.0.2.10:20000", ""],
      ].join("\n"),
    );
  });

  test.each([
    ["traefik.http.routers.x.ruel=1", "traefik.http.routers.x.ruel=***", "ruel", 'write "rule" instead of "ruel"'],
    [
      "traefik.http.routers.x.priority=high",
      "traefik.http.routers.x.priority=high",
      "high",
      "correct the value, or remove the tag",
    ],
    [
      "traefik.http.routers.x.rule=Host(`a`) && Pth(`/x`)",
      "traefik.http.routers.x.rule=Host(`a`) && Pth(`/x`)",
      "Pth",
      "Path",
    ],
    ["traefik.http.routers.foo].rule=x", "traefik.http.routers.foo].rule=***", "foo]", 'remove the "]"'],
  ])("puts a caret under the mistake in %s, and ends with 1", async (tag, shown, spot, remedy) => {
    const { code, stdout } = await endHere(["check", "tags", "traefik.enable=true", tag]);
    expect(code).toBe(1);
    const lines = stdout.split("\n");
    const at = lines.indexOf(`  ${shown}`);
    expect(at).toBeGreaterThan(0);
    expect(lines[at + 1]).toBe(" ".repeat(2 + shown.indexOf(spot)) + "^".repeat(spot.length));
    expect(lines[at + 2]).toContain(remedy);
  });

  test("tells what is missing where nothing is exposed", async () => {
    const result = await endHere(["check", "tags", "traefik.http.routers.x.rule=Host(`a`)"]);
    expect(result).toMatchObject({ code: 0 });
    expect(result.stdout).toContain("traefik.enable=true");
  });

  test("reads tags as Nomad does with --registry nomad", async () => {
    const result = await endHere(["check", "tags", "--registry", "nomad", "traefik.enable = true"]);
    expect(result.stdout).toContain("routers:");
  });

  test("judges tags as those of one of the settings' catalogs, by its registry and under its names", async () => {
    const content = JSON.stringify({
      ...{ output: { file: "portolan.yml" }, stateDir: ".", equalNames: "prefix" },
      catalogs: [
        { name: "lab", consul: {} },
        { name: "jobs", nomad: {} },
      ],
    });
    const folder = await mkdtemp(join(tmpdir(), "portolan-check-"));
    const settings = join(folder, "settings.yml");
    await writeFile(settings, content);
    const check = ["check", "tags", "--settings", settings, "traefik.enable = true", "--catalog"];
    expect((await endHere([...check, "jobs"])).stdout).toContain("jobs_app:");
    expect((await endHere([...check, "lab"])).stdout).toContain("TAG_UNKNOWN_KEY");
    const unknown = await endHere([...check, "dc1"]);
    await rm(folder, { recursive: true });
    expect(unknown).toMatchObject({ code: 64, stderr: expect.stringContaining("allowed: lab, jobs") });
  });

  test("asks for nothing that it does not use: no catalog, no certificate, no token, no folder that the settings name", async () => {
    const folder = await mkdtemp(join(tmpdir(), "portolan-check-"));
    const settings = join(folder, "settings.yml");
    const content = {
      traefik: { prefix: "edge" },
      output: { file: "none/portolan.yml" },
      stateDir: "none/state",
      listen: "192.0.2.1:1",
      consul: { address: "https://127.0.0.1:1", tokenFile: "none/token", tls: { caFile: "none/ca.pem" } },
      ports: { nomad: [{ address: "http://127.0.0.1:1", tokenFile: "none/nomad" }] },
    };
    await writeFile(settings, JSON.stringify(content));
    const result = await endHere(["check", "tags", "--settings", settings, "edge.enable=true"]);
    const left = await readdir(folder);
    await rm(folder, { recursive: true });
    expect(result).toMatchObject({ code: 0, stdout: expect.stringContaining("routers:"), stderr: "" });
    expect(left).toEqual(["settings.yml"]);
  });

  test.each([
    [["check", "tags"], "name at least one tag"],
    [["check", "tags", "--catalog", "dc1", "traefik.enable=true"], "the settings list no catalogs"],
    [["check", "tags", "--registry", "eureka", "traefik.enable=true"], "allowed: consul, nomad"],
    [["check", "tags", "--port", "http", "traefik.enable=true"], "a number is allowed"],
  ])("%j is a mistake of usage: 64", async (command, message) => {
    const result = await endHere(command);
    expect(result.code).toBe(64);
    expect(result.stderr).toContain(message);
  });
});
