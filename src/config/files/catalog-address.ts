/**
 * What stands for a catalog's address wherever something outlives the process: a socket is the way to the local agent, and
 * lies in the directory of an allocation, which the next allocation does not have. An address by HTTP stays as it is.
 */
export function lastingAddress(address: string): string {
  return address.startsWith("unix://") ? "unix://" : address;
}
