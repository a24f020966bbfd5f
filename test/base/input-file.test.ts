import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { readInput } from "../../src/base/input-file.ts";
import { inputTitle } from "../../src/base/input-title.ts";

test("a dash is standard input, which can be read once", async () => {
  const input = Readable.from(["rules:", " []"]);
  expect(await readInput("-", { input })).toEqual({ kind: "read", text: "rules: []" });
  expect(await readInput("-", { input })).toEqual({
    kind: "unreadable",
    reason: "it has been read to its end already",
  });
  expect([inputTitle("-"), inputTitle("./-")]).toEqual(["standard input", "./-"]);
});

test("standard input of more than 4 MiB is refused, with the bound", async () => {
  const endless = Readable.from(
    (function* () {
      for (;;) yield "x".repeat(1024 * 1024);
    })(),
  );
  expect(await readInput("-", { input: endless })).toEqual({ kind: "unreadable", reason: "larger than 4194304 bytes" });
});

test("what cannot be read is said by its code", async () => {
  const broken = new Readable({ read: () => broken.destroy(Object.assign(new Error("broken"), { code: "EIO" })) });
  expect(await readInput("-", { input: broken })).toEqual({ kind: "unreadable", reason: "EIO" });
  expect(await readInput("/nowhere/x.yml")).toEqual({ kind: "unreadable", reason: "ENOENT" });
});
