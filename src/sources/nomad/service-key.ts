/** Key of a service in lists and stores. Nomad admits no slash in either part. */
export function nomadServiceKey(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

/** The parts of a key. */
export function splitServiceKey(key: string): { readonly namespace: string; readonly name: string } {
  const slash = key.indexOf("/");
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
