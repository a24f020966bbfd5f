/**
 * The name by which a source or a Nomad is stored, as it is now: earlier versions stored the path of a socket in it, and with
 * it the directory of an allocation. What follows the path is two words (of a source the scope and the prefix, of a Nomad
 * `(region NAME)`), or nothing.
 */
export function lastingName(stored: string): string {
  return stored.replace(/unix:\/\/\/.*?(?= \S+ \S+$|$)/, "unix://");
}
