import { type Stats, statSync } from "node:fs";
import { type ChosenCatalog, sectionOf } from "./chosen.ts";

/**
 * Warnings about files of secrets that others can read or replace. A file that is not there yet is told where it is read.
 * In the secrets directory of a task Nomad decides about modes, and the directory keeps others out.
 */
export function secretFileWarnings(
  catalog: ChosenCatalog,
  environment: Readonly<Record<string, string | undefined>>,
  ownUid = process.getuid?.(),
): readonly string[] {
  const nomadsOwn = environment["NOMAD_SECRETS_DIR"];
  const warnings: string[] = [];
  for (const [setting, path] of secretFiles(catalog)) {
    if (path === undefined || (nomadsOwn !== undefined && path.startsWith(`${nomadsOwn}/`))) continue;
    const found = statOf(path);
    if (found === undefined) continue;
    if ((found.mode & 0o007) !== 0) {
      const mode = (found.mode & 0o777).toString(8).padStart(4, "0");
      warnings.push(`${setting}: every user of this machine may use ${path} (mode ${mode}); chmod o= ${path}`);
    }
    if (ownUid !== undefined && found.uid !== ownUid && found.uid !== 0) {
      warnings.push(
        `${setting}: ${path} belongs to user ${found.uid}, who can replace it; give it to root or to portolan's user (${ownUid})`,
      );
    }
  }
  return warnings;
}

function secretFiles(catalog: ChosenCatalog): readonly (readonly [string, string | undefined])[] {
  const { tokenFile, tls } = catalog.settings;
  const section = sectionOf(catalog);
  return [
    [`${section}.tokenFile`, tokenFile],
    [`${section}.tls.keyFile`, tls.keyFile],
    ...(catalog.kind === "consul" ? [[`${section}.login.jwtFile`, catalog.settings.login?.jwtFile] as const] : []),
  ];
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
