/**
 * Packages for development of which something is in what is shipped: the page's script is made of them. test/repo/sbom.test.ts holds
 * the page's imports to it.
 */
export const BUNDLED: readonly string[] = ["preact"];
