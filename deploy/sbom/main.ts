import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { writeBill } from "./write.ts";

/*
 * Writes out/sbom.cdx.json, or the file that is named: what portolan is made of, for scanners and for who has to say what runs.
 * npm run sbom [-- [--with-node] FILE]
 */

const { values, positionals } = parseArgs({ allowPositionals: true, options: { "with-node": { type: "boolean" } } });
const file = resolve(positionals[0] ?? join(import.meta.dirname, "../../out/sbom.cdx.json"));
writeBill(file, { hasNode: values["with-node"] === true });
process.stdout.write(`${relative(".", file)}\n`);
