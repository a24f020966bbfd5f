import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
/** Words behind which the party hides that is meant: a service, a client, a tenant, an operator, a process. */
const UNNAMED = /\b(?:somebody|someone|nobody|anybody|anyone|everybody|everyone|whoever)\b/gi;

const texts = [
  ...["src", "docs"].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.(?:ts|md)$/.test(name))
      .map((name) => join(folder, name)),
  ),
  ...readdirSync(ROOT).filter((name) => name.endsWith(".md")),
];

test("source and docs name the party that is meant", () => {
  const found = texts.flatMap((name) =>
    readFileSync(join(ROOT, name), "utf8")
      .split("\n")
      .flatMap((line, at) => [...line.matchAll(UNNAMED)].map(([word]) => `${name}:${at + 1}: ${word}`)),
  );
  expect(found).toEqual([]);
});

test.each(["nobody", "Whoever", "somebody's", "everyone"])("%s is found", (word) => {
  expect(`by ${word} else`.match(UNNAMED)).not.toBeNull();
});
