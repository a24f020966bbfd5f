import type { CredentialReporter } from "../../src/sources/credentials/credential-reporter.ts";

/** Notes what is reported of tokens and certificates. */
export interface RecordingCredentials extends CredentialReporter {
  readonly renewed: string[];
  readonly warned: string[];
}

export function recordCredentials(): RecordingCredentials {
  const renewed: string[] = [];
  const warned: string[] = [];
  return {
    renewed,
    warned,
    credentialsRenewed: (message) => void renewed.push(message),
    credentialsWarned: (message) => void warned.push(message),
  };
}
