import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { codingFor, pageDirectory, readPageFiles } from "../../src/web/page-file.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "portolan-page-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe("the page's directory", () => {
  test("that was not made is a page without files", () => {
    expect(readPageFiles(pageDirectory(join(directory, "none")))).toEqual(new Map());
    expect(readPageFiles(pageDirectory(directory))).toEqual(new Map());
  });

  test("that cannot be read is a page without what cannot be read, and no reason not to start", () => {
    mkdirSync(join(directory, "index.html"));
    writeFileSync(join(directory, "app.js"), "app");
    expect([...readPageFiles(pageDirectory(directory)).keys()]).toEqual(["/app.js"]);
    expect(readPageFiles(pageDirectory(join(directory, "app.js")))).toEqual(new Map());
  });

  test("is served by the names of its files, and what is no part of a page is not", () => {
    for (const name of ["index.html", "index.html.br", "app.js", "app.js.gz", "notes.txt"]) {
      writeFileSync(join(directory, name), name);
    }
    const files = readPageFiles(pageDirectory(directory));
    expect([...files].map(([path, { contentType, isLasting }]) => [path, contentType, isLasting])).toEqual(
      expect.arrayContaining([
        ["/", "text/html; charset=utf-8", false],
        ["/app.js", "text/javascript; charset=utf-8", true],
      ]),
    );
    expect(files.size).toBe(2);
    expect(files.get("/app.js")?.etag).not.toBe(files.get("/")?.etag);
  });

  test("whose files were not packed is served as it is", () => {
    writeFileSync(join(directory, "index.html"), "page");
    const bodies = readPageFiles(pageDirectory(directory)).get("/")?.bodies;
    expect(bodies).toEqual({ identity: Buffer.from("page") });
    expect(codingFor("br, gzip", bodies ?? { identity: Buffer.alloc(0) })).toBe("identity");
  });
});
