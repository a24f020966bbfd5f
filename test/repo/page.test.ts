import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const PAGE = join(ROOT, "src/page");

/** Ways by which a text would become markup, code or a style. */
const FORBIDDEN =
  /innerHTML|outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML|document\.write|createContextualFragment|DOMParser|srcdoc|\beval\b|new Function|cssText|setAttribute\("(?:style|on)/;

test("no text becomes markup or code on the page", () => {
  const files = readdirSync(PAGE, { recursive: true, encoding: "utf8" }).filter((name) =>
    /\.(?:tsx?|html)$/.test(name),
  );
  expect(files.length).toBeGreaterThan(20);
  expect(files.filter((name) => FORBIDDEN.test(readFileSync(join(PAGE, name), "utf8")))).toEqual([]);
});

test("addresses that come from elsewhere become links in one place, which takes those of web servers only", () => {
  const files = readdirSync(PAGE, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".tsx"));
  const hrefs = files.flatMap((name) =>
    [...readFileSync(join(PAGE, name), "utf8").matchAll(/href=\{([^}]*)/g)].map(
      ([, value = ""]) => `${name}: ${value}`,
    ),
  );
  const others = hrefs.filter((href) => !/: (?:\w+ === view \? )?(?:addressOf|explainAddress)\(/.test(href));
  expect(others).toEqual(["parts/link-out.tsx: url"]);
});

/** What a browser loads before it shows anything. */
const MOST_PACKED_BYTES = 150_000;

test("the page is small, and one script and one style", () => {
  const target = mkdtempSync(join(tmpdir(), "portolan-page-"));
  onTestFinished(() => rmSync(target, { recursive: true, force: true }));
  execFileSync(process.execPath, [join(ROOT, "deploy/page/build.ts"), target]);
  const names = readdirSync(target, { recursive: true, encoding: "utf8" });
  expect(names.filter((name) => /\.(?:js|css)$/.test(name))).toHaveLength(2);
  const packed = names.filter((name) => name.endsWith(".gz"));
  const bytes = packed.reduce((sum, name) => sum + readFileSync(join(target, name)).length, 0);
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThan(MOST_PACKED_BYTES);
});
