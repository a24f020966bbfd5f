import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { describe, expect, test } from "vitest";
import { THREE_FORMS } from "../../docs/three-forms.ts";
import { parseCommandLine } from "../../src/cli/command-line/parse.ts";
import { COMMANDS } from "../../src/cli/command-table.ts";
import { parseLedger } from "../../src/config/files/ledger-file.ts";
import { documentedCommands } from "../builders/documented-commands.ts";

const ROOT = join(import.meta.dirname, "../..");
const PORTS_PAGE = readFileSync(join(ROOT, "docs/ports.md"), "utf8");

test("the ledger that docs/ports.md shows is sound", () => {
  const ledgers = [...PORTS_PAGE.matchAll(/^```yaml\n(.*?)^```$/gms)]
    .map(([, text = ""]) => load(text))
    .filter((content) => typeof content === "object" && content !== null && "groups" in content);
  expect(ledgers).toHaveLength(1);
  expect(parseLedger(ledgers[0], "ledger.yml")).toMatchObject({ kind: "sound" });
});

describe("commands in the documentation", () => {
  const pages = globSync(["*.md", "docs/**/*.md", "deploy/**/*.md", "nomad-jobs/**/*.md"], { cwd: ROOT });
  const shown = pages.flatMap((page) => documentedCommands(page, readFileSync(join(ROOT, page), "utf8")));

  test("all of them are seen", () => {
    expect(shown.length).toBeGreaterThan(60);
    const text = [
      "`portolan check policy policy.yml`, and `docker exec edge portolan release` or `portolan.yml`",
      "```sh",
      "$ portolan once --settings 'my settings.yml' && cat chart",
      "nomad alloc exec -task portolan -job portolan portolan rollback 41   # the last good one",
      "npx --package ./portolan-0.1.0.tgz portolan demo",
      "/opt/portolan/portolan run \\",
      "  --confirm …",
      "portolan 0.1.0 charts a catalog",
      "```",
    ].join("\n");
    expect(documentedCommands("page.md", text).map(({ line, words }) => [line, ...words])).toEqual([
      [1, "check", "policy", "policy.yml"],
      [1, "release"],
      [3, "once", "--settings", "my settings.yml"],
      [4, "rollback", "41"],
      [5, "demo"],
      [6, "run", "--confirm"],
    ]);
  });

  test("each is one that the command line understands", async () => {
    const refused: string[] = [];
    for (const { page, line, words } of shown) {
      await parseCommandLine(words, COMMANDS).catch((error: unknown) => {
        refused.push(`${page}:${line}: portolan ${words.join(" ")}: ${error instanceof Error ? error.message : error}`);
      });
    }
    expect(refused).toEqual([]);
  });

  test.each(["README.md", "docs/commands.md", "docs/troubleshooting.md", "deploy/README.md", "nomad-jobs/README.md"])(
    "%s says how a command is typed on a host, in a container and in an allocation",
    (page) => {
      expect(readFileSync(join(ROOT, page), "utf8")).toContain(THREE_FORMS);
    },
  );
});
