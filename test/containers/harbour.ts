import { randomUUID } from "node:crypto";
import {
  GenericContainer,
  getContainerRuntimeClient,
  type StartedNetwork,
  type StartedTestContainer,
  Wait,
} from "testcontainers";
import type { Berth } from "./berth.ts";
import { ON_HOST_NETWORK, openNetwork } from "./berth.ts";

/** What a container is started with; nothing stands for the image's own. */
export interface ContainerSpec {
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly user?: string;
  /** Volume → directory; ":ro" behind the directory for one that may only be read. */
  readonly volumes?: Readonly<Record<string, string>>;
  /** With the rights that deploy/compose.yml leaves to portolan. */
  readonly isConfined?: boolean;
}

/** Containers that find each other, and the volumes that they share; all of it goes at the end. */
export interface Harbour {
  volume(name: string): string;
  /** Starts a container that goes on; resolves as soon as it has printed something. */
  start(at: Berth, image: string, spec: ContainerSpec): Promise<StartedTestContainer>;
  close(): Promise<void>;
}

/** A container whose file system it cannot write, but for its volumes. */
class Confined extends GenericContainer {
  constructor(image: string) {
    super(image);
    this.hostConfig.ReadonlyRootfs = true;
    this.withDroppedCapabilities("ALL").withSecurityOpt("no-new-privileges:true");
  }
}

export async function openHarbour(): Promise<Harbour> {
  const { dockerode } = (await getContainerRuntimeClient()).container;
  const network: StartedNetwork | undefined = await openNetwork();
  const started: StartedTestContainer[] = [];
  const volumes = new Set<string>();
  const suffix = randomUUID().slice(0, 8);

  function prepare(image: string, spec: ContainerSpec): GenericContainer {
    const container = spec.isConfined === true ? new Confined(image) : new GenericContainer(image);
    const mounts = Object.entries(spec.volumes ?? {}).map(([source, where]) => {
      const [target = where, mode] = where.split(":");
      return { source, target, mode: mode === "ro" ? ("ro" as const) : ("rw" as const) };
    });
    container.withBindMounts(mounts).withStartupTimeout(60_000);
    if (spec.command !== undefined) container.withCommand([...spec.command]);
    if (spec.entrypoint !== undefined) container.withEntrypoint([...spec.entrypoint]);
    if (spec.user !== undefined) container.withUser(spec.user);
    return container;
  }

  return {
    volume(name) {
      const whole = `portolan-${name}-${suffix}`;
      volumes.add(whole);
      return whole;
    },
    async start(at, image, spec) {
      const container = prepare(image, spec).withWaitStrategy(Wait.forLogMessage(/./));
      if (ON_HOST_NETWORK) container.withNetworkMode("host");
      else if (network !== undefined)
        container.withNetwork(network).withNetworkAliases(at.name).withExposedPorts(at.port);
      const running = await container.start();
      started.push(running);
      return running;
    },
    async close() {
      // Those as well that a test has stopped and kept.
      const all = started.map((container) => dockerode.getContainer(container.getId()));
      await Promise.all(all.map((container) => container.remove({ force: true, v: true })));
      await network?.stop();
      for (const name of volumes) await dockerode.getVolume(name).remove({ force: true });
    },
  };
}

/** What the engine knows of a container: its state, health and end. */
export async function inspect(container: StartedTestContainer) {
  const { dockerode } = (await getContainerRuntimeClient()).container;
  return await dockerode.getContainer(container.getId()).inspect();
}
