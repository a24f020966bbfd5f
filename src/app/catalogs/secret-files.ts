import { type Stats, statSync } from "node:fs";

/** The part of a section of the settings that names files with secrets. */
interface SecretFiles {
  readonly tokenFile?: string;
  readonly passwordFile?: string;
  readonly tls: { readonly keyFile?: string };
  readonly login?: { readonly jwtFile: string };
}

/**
 * Warnings about files with secrets that other users can read or replace. A file that is missing is not reported here but
 * where it is read. Nor is one in the secrets directory of a Nomad task: Nomad sets the modes, and keeps others out.
 *
 * @param section where the settings name the files
 */
export function secretFileWarnings(
  section: string,
  settings: SecretFiles,
  environment: Readonly<Record<string, string | undefined>>,
  ownUid = process.getuid?.(),
): readonly string[] {
  const nomadSecretsDir = environment["NOMAD_SECRETS_DIR"];
  const warnings: string[] = [];
  for (const [setting, path] of secretFiles(section, settings)) {
    if (path === undefined || (nomadSecretsDir !== undefined && path.startsWith(`${nomadSecretsDir}/`))) continue;
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

function secretFiles(
  section: string,
  { tokenFile, passwordFile, tls, login }: SecretFiles,
): readonly (readonly [string, string | undefined])[] {
  return [
    [`${section}.tokenFile`, tokenFile],
    [`${section}.passwordFile`, passwordFile],
    [`${section}.tls.keyFile`, tls.keyFile],
    [`${section}.login.jwtFile`, login?.jwtFile],
  ];
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
