import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import manifest from "../../package.json" with { type: "json" };
import { type Bill, billOf, type Component } from "./bill.ts";
import { BUNDLED } from "./bundled.ts";

const ROOT = join(import.meta.dirname, "../..");

/**
 * What portolan is made of, by package-lock.json alone: CycloneDX in JSON, the same bytes for the same lock file.
 *
 * @param hasNode whether the Node that runs this is in the product, as in the executable and in the image
 */
export function makeBill({ hasNode }: { readonly hasNode: boolean }): string {
  const args = ["sbom", "--sbom-format", "cyclonedx", "--package-lock-only"];
  const listed = JSON.parse(execFileSync("npm", args, { cwd: ROOT, encoding: "utf8", maxBuffer: 2 ** 26 })) as Bill;
  const libraries = [...Object.keys(manifest.dependencies), ...BUNDLED];
  return `${JSON.stringify(billOf(listed, { libraries, ...(hasNode ? { runtime: thisNode() } : {}) }), null, 2)}\n`;
}

/** Writes it to a file, whose directory is made where it is missing. */
export function writeBill(file: string, options: { readonly hasNode: boolean }): void {
  const bill = makeBill(options);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bill);
}

/** Node's own flaws are told under this name and version. */
function thisNode(): Component {
  const { node: version } = process.versions;
  return {
    "bom-ref": `node@${version}`,
    type: "platform",
    name: "node",
    version,
    scope: "required",
    purl: `pkg:generic/node@${version}`,
    cpe: `cpe:2.3:a:nodejs:node.js:${version}:*:*:*:*:*:*:*`,
    hashes: [{ alg: "SHA-256", content: createHash("sha256").update(readFileSync(process.execPath)).digest("hex") }],
    licenses: [{ license: { id: "MIT" } }],
    externalReferences: [{ type: "website", url: "https://nodejs.org/" }],
  };
}
