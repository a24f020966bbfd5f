/*
 * Which licences what is installed may have. test/repo/licences.test.ts holds package-lock.json to it, and the tables of
 * docs/dependencies.md to this file.
 */

/** Permissive: they ask for their notice and nothing of what they are built into. SPDX's names. */
export const ALLOWED: readonly string[] = [
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "ISC",
  "MIT",
  "PSF-2.0",
  "Unlicense",
];

/** Allowed where nothing of the package is in what is shipped, and why. */
export const ALLOWED_FOR_DEVELOPMENT: Readonly<Record<string, string>> = {
  "MPL-2.0": "a change of its files would have to be published as source; portolan changes none, and ships none",
};

/** Packages whose licence npm's registry does not tell, read in the package itself: one version, one licence, where it stands. */
export const READ_BY_HAND: Readonly<Record<string, { readonly licence: string; readonly where: string }>> = {
  "buildcheck@0.0.7": { licence: "MIT", where: "`licenses` in its package.json, an old form, and its LICENSE" },
  "cpu-features@0.0.10": { licence: "MIT", where: "`licenses` in its package.json, an old form, and its LICENSE" },
  "ssh2@1.17.0": { licence: "MIT", where: "`licenses` in its package.json, an old form, and its LICENSE" },
};

/** A package as package-lock.json has it, as far as it counts here. */
export interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
}

/**
 * What is wrong with the licences of a lock file: a line for each package, with version, licence, what is allowed, and the remedy.
 *
 * @param packages `packages` of package-lock.json, by path
 * @param bundled names of packages for development of which something is shipped all the same: they count as shipped
 */
export function licenceProblems(
  packages: Readonly<Record<string, LockedPackage>>,
  bundled: readonly string[],
): readonly string[] {
  return installed(packages).flatMap(({ name, one, license, dev = false }) => {
    const isShipped = !dev || bundled.includes(name);
    const licence = license ?? READ_BY_HAND[one]?.licence;
    const allowed = isShipped ? ALLOWED : [...ALLOWED, ...Object.keys(ALLOWED_FOR_DEVELOPMENT)];
    if (licence !== undefined && isAllowed(licence, new Set(allowed))) return [];
    const found = licence === undefined ? "states no licence" : `has the licence ${licence}`;
    const remedy =
      licence === undefined
        ? "read the package's own and add it to READ_BY_HAND in test/repo/licences.ts, or take another package"
        : "take another package or version, or judge the licence and add it to test/repo/licences.ts and docs/dependencies.md";
    return `${one} (${isShipped ? "shipped" : "for development"}) ${found}; allowed are ${allowed.join(", ")}; ${remedy}`;
  });
}

/** Readings by hand that no package of the lock needs: another version may have another licence. */
export function unusedReadings(packages: Readonly<Record<string, LockedPackage>>): readonly string[] {
  const needed = new Set(installed(packages).flatMap(({ one, license }) => (license === undefined ? [one] : [])));
  return Object.keys(READ_BY_HAND).filter((one) => !needed.has(one));
}

function installed(packages: Readonly<Record<string, LockedPackage>>) {
  return Object.entries(packages)
    .filter(([path]) => path !== "")
    .map(([path, { version = "", ...rest }]) => {
      const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
      return { ...rest, name, one: `${name}@${version}` };
    });
}

/** SPDX's expressions as npm has them: `MIT`, `(MIT OR Apache-2.0)`, `MIT AND ISC`. What is deeper is refused. */
function isAllowed(expression: string, allowed: ReadonlySet<string>): boolean {
  const bare = expression.replace(/^\((.*)\)$/, "$1");
  return bare.split(" OR ").some((alternative) => alternative.split(" AND ").every((name) => allowed.has(name)));
}
