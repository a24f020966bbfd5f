import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { type Bill, billOf } from "../../deploy/sbom/bill.ts";
import { BUNDLED } from "../../deploy/sbom/bundled.ts";
import { makeBill } from "../../deploy/sbom/write.ts";

const ROOT = join(import.meta.dirname, "../..");

interface Locked {
  readonly version: string;
  readonly license?: string;
  readonly integrity: string;
  readonly dev?: boolean;
  readonly dependencies?: object;
}
const { packages } = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")) as {
  readonly packages: Readonly<Record<string, Locked>>;
};
const nameOf = (path: string) => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
const shipped = Object.entries(packages).filter(
  ([path, { dev }]) => path !== "" && (dev !== true || BUNDLED.includes(nameOf(path))),
);

describe("the bill of materials", () => {
  let text: string;
  let bill: Bill;
  beforeAll(() => {
    text = makeBill({ hasNode: false });
    bill = JSON.parse(text);
  }, 60_000);

  test.each(shipped.map(([path, locked]) => [`${nameOf(path)}@${locked.version}`, locked] as const))(
    "has %s with its licence and the hash of the lock file",
    (ref, { license, integrity }) => {
      const [algorithm = "", hash = ""] = integrity.split(/-(.*)/);
      expect(bill.components.find((one) => one["bom-ref"] === ref)).toMatchObject({
        purl: `pkg:npm/${ref.replace(/^@/, "%40")}`,
        scope: "required",
        licenses: [{ license: { id: license } }],
        hashes: [{ alg: algorithm.replace("sha", "SHA-"), content: Buffer.from(hash, "base64").toString("hex") }],
      });
    },
  );

  test("has nothing else: of what is for development alone, nothing is shipped", () => {
    const refs = shipped.map(([path, { version }]) => `${nameOf(path)}@${version}`);
    expect(new Set(bill.components.map((one) => one["bom-ref"]))).toEqual(new Set(refs));
  });

  test("is of portolan in its version, and says what needs what", () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    expect(bill).toMatchObject({ bomFormat: "CycloneDX", specVersion: expect.stringMatching(/^1\.[5-9]$/) });
    expect(bill.metadata.component).toMatchObject({ name: "portolan", version, type: "application" });
    const known = new Set([...bill.components, bill.metadata.component].map((one) => one["bom-ref"]));
    for (const { ref, dependsOn } of bill.dependencies) {
      expect(known).toContain(ref);
      for (const needed of dependsOn) expect(known).toContain(needed);
    }
    expect(bill.dependencies).toHaveLength(known.size);
  });

  test("is the same bytes each time, with no trace of when and where it was made", () => {
    expect(makeBill({ hasNode: false })).toBe(text);
    expect(text).not.toMatch(/timestamp|serialNumber|urn:uuid/);
    expect(text).not.toContain(ROOT);
  });

  test("has the Node.js that is in an executable or an image, under the names that flaws of it are told by", () => {
    const { components, dependencies, metadata } = JSON.parse(makeBill({ hasNode: true })) as Bill;
    const { node } = process.versions;
    expect(components.find(({ type }) => type === "platform")).toMatchObject({
      name: "node",
      version: node,
      cpe: `cpe:2.3:a:nodejs:node.js:${node}:*:*:*:*:*:*:*`,
      hashes: [{ alg: "SHA-256", content: expect.stringMatching(/^[0-9a-f]{64}$/) }],
    });
    const own = dependencies.find(({ ref }) => ref === metadata.component["bom-ref"]);
    expect(own?.dependsOn).toContain(`node@${node}`);
  });
});

describe("what is bundled", () => {
  test("is what the page imports: its types alone are not shipped", () => {
    expect(new Set(importsOf(join(ROOT, "src/page")))).toEqual(new Set(BUNDLED));
  });

  test("brings no other package, of which the licences and the bill would have to know", () => {
    for (const name of BUNDLED) expect(packages[`node_modules/${name}`]?.dependencies).toBeUndefined();
  });
});

/** Packages that a folder's modules import as values; `preact/hooks` is of `preact`. */
function importsOf(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => /\.tsx?$/.test(name));
  return files
    .filter((name) => !/(?:^|\/)build\.ts$/.test(name))
    .flatMap((name) => {
      const text = readFileSync(join(folder, name), "utf8");
      const imports = text.matchAll(/^(?:import|export) (?!type\b)(?:[^"';]* from )?"([^".][^"]*)";/gm);
      return [...imports].map(([, from = ""]) => /^(?:@[^/]+\/)?[^/]+/.exec(from)?.[0] ?? "");
    });
}

describe("of what npm lists", () => {
  const component = { "bom-ref": "portolan@1.0.0", type: "library", name: "folder", version: "1.0.0" };
  const one = (name: string) => ({ ...component, "bom-ref": `${name}@1.0.0`, name, scope: "optional" });
  const listed: Bill = {
    serialNumber: "urn:uuid:1",
    metadata: { timestamp: "2026-01-01", component },
    components: ["b", "a", "dev"].map(one),
    dependencies: [
      { ref: "portolan@1.0.0", dependsOn: ["a@1.0.0", "dev@1.0.0"] },
      { ref: "a@1.0.0", dependsOn: ["b@1.0.0"] },
      // In a circle.
      { ref: "b@1.0.0", dependsOn: ["a@1.0.0"] },
      { ref: "dev@1.0.0", dependsOn: [] },
    ],
  };

  test("what a library needs in turn is shipped, in a circle as well, and sorted", () => {
    const { components, dependencies } = billOf(listed, { libraries: ["a"] });
    expect(components.map(({ name }) => name)).toEqual(["a", "b"]);
    expect(dependencies).toContainEqual({ ref: "portolan@1.0.0", dependsOn: ["a@1.0.0"] });
  });

  test("a library that is not there is an error that says what to do", () => {
    expect(() => billOf(listed, { libraries: ["gone"] })).toThrow(
      "gone is no dependency in package-lock.json; run npm install",
    );
  });
});
