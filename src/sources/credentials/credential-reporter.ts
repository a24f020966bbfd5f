/** What is reported of tokens and certificates in use: never a token, a JWT or a key. Calls must not throw. */
export interface CredentialReporter {
  /** Another token or certificate is in use, or what could not be used can be again. */
  credentialsRenewed(message: string): void;
  /** What was found cannot be used and the old one stays; says where, why and the remedy. Once for each trouble. */
  credentialsWarned(message: string): void;
}
