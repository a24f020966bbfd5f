import { createHash, timingSafeEqual } from "node:crypto";
import type { Clock } from "../../base/clock.ts";
import { AppError, EXIT_CODES } from "../../base/errors.ts";
import type { CredentialReporter } from "../../sources/credentials/credential-reporter.ts";
import { readSecretFile } from "../../sources/credentials/secret-file.ts";
import { watchFiles } from "../../sources/credentials/watched-files.ts";

export interface DemandedTokenOptions {
  /** The setting that names the file, for messages: `serve.tokenFile`. */
  readonly setting: string;
  readonly path: string;
  readonly clock: Clock;
  readonly reporter: CredentialReporter;
}

/** A token that clients have to show. */
export interface DemandedToken {
  /** Takes as long for a text that is nearly right as for any other. Looks at the file once a second at most. */
  isShown(text: string): boolean;
}

/**
 * A token from a file, read again when that has changed. While the file holds none that can be used every client is refused: an
 * operator who takes a token away means it, and a Traefik that is refused for a moment keeps what it has. Throws AppError (exit code 78)
 * where there is none at the start.
 */
export function openDemandedToken({ setting, path, clock, reporter }: DemandedTokenOptions): DemandedToken {
  const file = watchFiles([path], clock);
  file.haveChanged();
  const first = readToken(path);
  if (first.kind === "unusable") {
    throw new AppError(`${setting}: ${path} ${first.reason}; ${REMEDY} > ${path}`, {
      code: "E_SETTINGS_FILE",
      retryable: false,
      exitCode: EXIT_CODES.badSettings,
    });
  }
  let digest: Buffer | undefined = first.digest;

  function readAgain(): void {
    const found = readToken(path);
    if (found.kind === "read") {
      if (digest === undefined || !timingSafeEqual(digest, found.digest)) {
        reporter.credentialsRenewed(`${setting}: ${path} holds another token now`);
      }
      digest = found.digest;
      return;
    }
    if (digest !== undefined) {
      reporter.credentialsWarned(`${setting}: ${path} ${found.reason}; every client is refused until it holds a token`);
    }
    digest = undefined;
  }

  return {
    isShown(text) {
      if (file.haveChanged()) readAgain();
      return digest !== undefined && timingSafeEqual(digest, digestOf(text));
    },
  };
}

const REMEDY = "(umask 077; openssl rand -hex 32)";

/** What a header can carry, and long enough not to be guessed. */
const TOKEN = /^[\x21-\x7e]{16,1024}$/;

/** Only a digest is kept: digests have one length, by which they can be compared in constant time. */
function readToken(
  path: string,
): { readonly kind: "read"; readonly digest: Buffer } | { readonly kind: "unusable"; readonly reason: string } {
  const found = readSecretFile(path);
  if (found.kind === "unusable") return found;
  if (TOKEN.test(found.text)) return { kind: "read", digest: digestOf(found.text) };
  return { kind: "unusable", reason: "holds something else than one token of 16 to 1024 letters, digits and signs" };
}

function digestOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
