import type { Clock } from "../../base/clock.ts";
import type { CredentialReporter } from "./credential-reporter.ts";
import { readSecretFile } from "./secret-file.ts";
import { watchFiles } from "./watched-files.ts";

export interface TokenFileOptions {
  /** The setting that names the file, for messages: `consul.tokenFile`. */
  readonly setting: string;
  readonly path: string;
  /** In use until the file can be read. Default: the anonymous token. */
  readonly token?: string;
  /** What messages call it. Default: a token. */
  readonly what?: "token" | "password";
  readonly clock: Clock;
  readonly reporter: CredentialReporter;
}

/**
 * A token from a file: read again when the file has changed, looked at once a second at most, and whenever the catalog
 * has refused a token. While the file is empty or cannot be read the last token stays in use, and that is reported once.
 */
export function createTokenFile({
  setting,
  path,
  what = "token",
  clock,
  reporter,
  ...options
}: TokenFileOptions): (refused?: string) => string {
  const file = watchFiles([path], clock);
  let token = options.token ?? "";
  let wasRead = false;
  let isReported = false;

  function read(): void {
    const found = readSecretFile(path);
    if (found.kind === "unusable") {
      const instead = token === "" ? `asking without a ${what}` : `the last known ${what} stays in use`;
      if (!isReported) {
        reporter.credentialsWarned(
          `${setting}: ${path} ${found.reason}; ${instead} until it holds one that portolan's user may read`,
        );
      }
      isReported = true;
      return;
    }
    if (wasRead && found.text !== token) reporter.credentialsRenewed(`${setting}: ${path} holds another ${what} now`);
    else if (isReported) reporter.credentialsRenewed(`${setting}: ${path} can be read again`);
    token = found.text;
    wasRead = true;
    isReported = false;
  }

  if (file.haveChanged()) read();
  return (refused) => {
    if (file.haveChanged() || refused !== undefined) read();
    return token;
  };
}
