/** A bill of materials in CycloneDX's JSON, as far as it is read or changed here; all else goes through as npm wrote it. */
export interface Bill {
  readonly metadata: { readonly component: Component; readonly [key: string]: unknown };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
  readonly [key: string]: unknown;
}

export interface Component {
  readonly "bom-ref": string;
  readonly type: string;
  readonly name: string;
  readonly version: string;
  readonly [key: string]: unknown;
}

/** What a bill says of one product. */
export interface Product {
  /** Names of the packages that it needs at run time, or that are bundled into it. */
  readonly libraries: readonly string[];
  /** The Node.js that is in it, where there is one. */
  readonly runtime?: Component;
}

/**
 * What is shipped of all that npm lists, with what these need in turn, sorted; without what would change from one run to the
 * next: time, number and tool of the run, and the name of the directory.
 *
 * @param listed what `npm sbom --sbom-format cyclonedx` prints, development included
 *
 * Throws where a library is not among what npm lists.
 */
export function billOf(listed: Bill, { libraries, runtime }: Product): Bill {
  const { serialNumber: _, ...lasting } = listed;
  const { timestamp: __, tools: ___, component, ...metadata } = listed.metadata;
  const root = component["bom-ref"];
  const needs = new Map(listed.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]));
  const direct = libraries.map((name) => {
    const ref = needs.get(root)?.find((one) => one.slice(0, one.lastIndexOf("@")) === name);
    if (ref === undefined) throw new Error(`${name} is no dependency in package-lock.json; run npm install`);
    return ref;
  });
  const shipped = new Set<string>();
  const queue = [...direct];
  for (let ref = queue.pop(); ref !== undefined; ref = queue.pop()) {
    if (shipped.has(ref)) continue;
    shipped.add(ref);
    queue.push(...(needs.get(ref) ?? []));
  }
  const runtimes = runtime === undefined ? [] : [runtime];
  const own = [...direct, ...runtimes.map((one) => one["bom-ref"])].sort();
  return {
    ...lasting,
    metadata: { ...metadata, component: { ...component, type: "application", name: nameIn(root) } },
    components: [...runtimes, ...listed.components.filter((one) => shipped.has(one["bom-ref"])).map(asShipped)].sort(
      byRef,
    ),
    dependencies: [
      { ref: root, dependsOn: own },
      ...runtimes.map((one) => ({ ref: one["bom-ref"], dependsOn: [] })),
      ...listed.dependencies.filter(({ ref }) => shipped.has(ref)),
    ].sort((a, b) => compare(a.ref, b.ref)),
  };
}

/** npm says of what is bundled that it is for development, and so optional. */
function asShipped(component: Component): Component {
  const properties = (component["properties"] ?? []) as readonly { readonly name: string }[];
  return {
    ...component,
    scope: "required",
    properties: properties.filter(({ name }) => name !== "cdx:npm:package:development"),
  };
}

function nameIn(ref: string): string {
  return ref.slice(0, ref.lastIndexOf("@"));
}

function byRef(a: Component, b: Component): number {
  return compare(a["bom-ref"], b["bom-ref"]);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
