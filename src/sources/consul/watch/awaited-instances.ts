import type { ServiceInstance } from "../../../core/catalog/snapshot.ts";

/**
 * Instances that an answer about their service names and the latest one about their node does not. Which of the two is older no index
 * says, so the order in which they were asked for and came has to.
 */
export interface AwaitedInstances {
  /** How many answers about nodes have come: later means more. */
  moment(): number;
  /**
   * Holds a service's instances that its node has not named against the next answer about that node.
   *
   * @param askedAt the moment at which they were asked for
   * @returns whether the service has to be read once more already, since an answer about such a node came after that
   */
  await(service: string, instances: readonly ServiceInstance[], askedAt: number): boolean;
  /** An answer about a node has come, or it has left; returns the services to be read for it. */
  nodeCame(node: string): ReadonlySet<string>;
  /** The names of all nodes have come; returns the services that were awaited on a node that is none of them. */
  listCame(names: ReadonlySet<string>): ReadonlySet<string>;
}

export function createAwaitedInstances(): AwaitedInstances {
  let moment = 0;
  let list: { readonly names: ReadonlySet<string>; readonly cameAt: number } = { names: new Set(), cameAt: 0 };
  const cameAt = new Map<string, number>();
  /** Node → services. */
  const awaited = new Map<string, Set<string>>();

  function taken(node: string): ReadonlySet<string> {
    const services = awaited.get(node) ?? new Set<string>();
    awaited.delete(node);
    return services;
  }

  return {
    moment: () => moment,
    await(service, instances, askedAt) {
      let isDue = false;
      for (const { node } of instances) {
        const shownAt = list.names.has(node) ? (cameAt.get(node) ?? 0) : list.cameAt;
        if (shownAt > askedAt) isDue = true;
        else awaited.set(node, (awaited.get(node) ?? new Set()).add(service));
      }
      return isDue;
    },
    nodeCame(node) {
      moment += 1;
      cameAt.set(node, moment);
      return taken(node);
    },
    listCame(names) {
      moment += 1;
      list = { names, cameAt: moment };
      for (const node of cameAt.keys()) if (!names.has(node)) cameAt.delete(node);
      const left = [...awaited.keys()].filter((node) => !names.has(node));
      return new Set(left.flatMap((node) => [...taken(node)]));
    },
  };
}
