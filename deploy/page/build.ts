import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { rolldown } from "rolldown";

/*
 * Makes dist/page, or the directory that is named, of src/page: what the listener serves to browsers. index.html names its
 * script, style and icon by their hash, so that a browser may keep them for ever; each lies there as it is, packed by Brotli
 * (.br) and by gzip (.gz).
 */

const ROOT = join(import.meta.dirname, "../..");
const SOURCE = join(ROOT, "src/page");
const TARGET = resolve(process.argv[2] ?? join(ROOT, "dist/page"));

/** The page's program and Preact as one script. */
async function script(): Promise<string> {
  const build = await rolldown({
    input: join(SOURCE, "main.tsx"),
    platform: "browser",
    tsconfig: join(ROOT, "tsconfig.page.json"),
    // What is not found is an error, and not left to be loaded from elsewhere.
    onLog: (level, log, report) => report(log.code === "UNRESOLVED_IMPORT" ? "error" : level, log),
  });
  try {
    const { output } = await build.generate({ format: "es", minify: true, codeSplitting: false });
    const [{ code, imports }, ...others] = output;
    if (others.length > 0 || imports.length > 0) throw new Error(`not in one script: ${imports.join(", ")}`);
    return code;
  } finally {
    await build.close();
  }
}

/** The rules of all views as one sheet, those of the whole page first. */
async function style(): Promise<string> {
  const folder = join(SOURCE, "styles");
  const names = (await readdir(folder)).filter((name) => name !== "page.css").toSorted();
  const sheets = await Promise.all(["page.css", ...names].map((name) => readFile(join(folder, name), "utf8")));
  return sheets.join("\n");
}

/** Writes a file with its hash in the name, and packed ones beside it. @returns its path as the page names it */
async function asset(name: string, extension: string, text: string): Promise<string> {
  const hash = createHash("sha256").update(text).digest("base64url").slice(0, 10);
  const path = `assets/${name}-${hash}.${extension}`;
  await packed(path, text);
  return path;
}

async function packed(path: string, text: string): Promise<void> {
  const file = join(TARGET, path);
  await writeFile(file, text);
  await writeFile(`${file}.br`, brotliCompressSync(text));
  await writeFile(`${file}.gz`, gzipSync(text, { level: 9 }));
}

await rm(TARGET, { recursive: true, force: true });
await mkdir(join(TARGET, "assets"), { recursive: true });
const paths = {
  SCRIPT: await asset("page", "js", await script()),
  ICON: await asset("icon", "svg", await readFile(join(SOURCE, "icon.svg"), "utf8")),
  STYLE: await asset("page", "css", await style()),
};
const index = await readFile(join(SOURCE, "index.html"), "utf8");
await packed(
  "index.html",
  index.replace(/SCRIPT|STYLE|ICON/g, (name) => paths[name as keyof typeof paths]),
);
