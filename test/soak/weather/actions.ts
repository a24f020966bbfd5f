import type { Census, Instance, Node, Service, Status } from "./census.ts";
import { instancesOf } from "./census.ts";
import type { Dice } from "./dice.ts";
import { tagsFor } from "./service-tags.ts";
import {
  deregisterCheck,
  deregisterInstance,
  deregisterNode,
  maintain,
  registerCheck,
  registerInstance,
  registerNode,
  registerServiceOnly,
  type Write,
} from "./writes.ts";

/** Something that happens in a catalog: a few writes that belong together. */
export interface Action {
  readonly name: string;
  /** How often it happens, compared with the others. */
  readonly weight: number;
  /** Consul wakes no query for it, so that only the end of a wait shows it. */
  readonly isHidden?: true;
  /** Changes the census, and returns the writes that do the same to the catalog; nothing where it cannot happen now. */
  act(census: Census, dice: Dice): readonly Write[] | undefined;
}

/** Names that newcomers choose from in a large world, for each service that it has at least. */
const NAMES_A_SERVICE = 1.3;
const STATUSES: readonly Status[] = ["passing", "passing", "warning", "critical"];

export const ACTIONS: readonly Action[] = [
  { name: "an instance flips", weight: 20, act: withInstance(flip) },
  { name: "a check says something else", weight: 4, act: withInstance(retell) },
  { name: "an instance comes back on another port", weight: 10, act: withInstance(movePort) },
  { name: "an instance comes back elsewhere", weight: 3, act: withInstance(moveAddress) },
  { name: "an instance gets other tags", weight: 5, act: withInstance(retag) },
  { name: "a service rolls to other tags", weight: 4, act: withService(rollOut) },
  { name: "a service is exposed or hidden", weight: 5, act: withService(expose) },
  { name: "an instance takes another service's name", weight: 2, isHidden: true, act: rename },
  { name: "an instance loses or gets its check", weight: 3, act: withInstance(recheck) },
  { name: "an instance goes into maintenance or back", weight: 3, act: withInstance(maintainInstance) },
  { name: "a node goes into maintenance or back", weight: 2, act: withNode(maintainNode) },
  { name: "a node's own check flips", weight: 3, act: withNode(flipNode) },
  { name: "a node gets another address", weight: 4, act: withNode(moveNode) },
  { name: "a node joins", weight: 3, act: joinNode },
  { name: "a node is lost", weight: 2, act: loseNode },
];

export const ARRIVAL: Action = { name: "an instance arrives", weight: 1, act: arrive };
export const DEPARTURE: Action = { name: "an instance leaves", weight: 1, act: withInstance(leave) };

function withInstance(act: (instance: Instance, dice: Dice, census: Census) => readonly Write[]): Action["act"] {
  return (census, dice) => {
    const instances = instancesOf(census);
    return instances.length === 0 ? undefined : act(dice.pick(instances), dice, census);
  };
}

function withNode(act: (node: Node, dice: Dice) => readonly Write[]): Action["act"] {
  return (census, dice) => (census.nodes.size === 0 ? undefined : act(dice.pick([...census.nodes.values()]), dice));
}

function withService(act: (service: Service, own: readonly Instance[], dice: Dice) => void): Action["act"] {
  return (census, dice) => {
    if (census.services.size === 0) return undefined;
    const service = dice.pick([...census.services.values()]);
    const own = instancesOf(census).filter((instance) => instance.service === service);
    act(service, own, dice);
    return own.map(registerServiceOnly);
  };
}

function arrive(census: Census, dice: Dice): readonly Write[] | undefined {
  if (census.nodes.size === 0) return undefined;
  census.issued += 1;
  const node = dice.pick([...census.nodes.values()]);
  const service = serviceFor(census, dice);
  const instance: Instance = {
    id: `${service.name}-${census.issued}`,
    node,
    service,
    tags: service.tags,
    address: dice.percent(50) ? "" : `10.1.${dice.below(4)}.${1 + dice.below(250)}`,
    port: portFor(dice),
    status: dice.percent(10) ? undefined : dice.pick(STATUSES),
    isMaintained: false,
  };
  node.instances.set(instance.id, instance);
  return [registerInstance(instance)];
}

/** A third of all newcomers are further instances of a service that is known. */
function serviceFor(census: Census, dice: Dice): Service {
  if (census.services.size > 0 && dice.percent(35)) return dice.pick([...census.services.values()]);
  const { services } = census.scale;
  const names = services === undefined ? Math.max(60, census.population) : Math.ceil(services * NAMES_A_SERVICE);
  const name = `s${dice.below(names)}`;
  const known = census.services.get(name);
  if (known !== undefined) return known;
  const service = { name, isExposed: dice.percent(80), tags: tagsFor(name, dice) };
  census.services.set(name, service);
  return service;
}

function portFor(dice: Dice): number {
  return 20_000 + dice.below(12_000);
}

function leave(instance: Instance): readonly Write[] {
  instance.node.instances.delete(instance.id);
  return [deregisterInstance(instance)];
}

function flip(instance: Instance, dice: Dice): readonly Write[] {
  instance.status = dice.pick(STATUSES);
  return [registerCheck(instance)];
}

function retell(instance: Instance, dice: Dice): readonly Write[] {
  return instance.status === undefined ? [] : [registerCheck(instance, `took ${dice.below(1_000)} ms`)];
}

function movePort(instance: Instance, dice: Dice): readonly Write[] {
  instance.port = portFor(dice);
  return [registerServiceOnly(instance)];
}

function moveAddress(instance: Instance, dice: Dice): readonly Write[] {
  instance.address = instance.address === "" ? `10.2.0.${1 + dice.below(250)}` : "";
  return [registerInstance(instance)];
}

function retag(instance: Instance, dice: Dice): readonly Write[] {
  instance.tags = tagsFor(instance.service.name, dice);
  return [registerServiceOnly(instance)];
}

function rollOut(service: Service, own: readonly Instance[], dice: Dice): void {
  service.tags = tagsFor(service.name, dice);
  for (const instance of own) instance.tags = service.tags;
}

function expose(service: Service): void {
  service.isExposed = !service.isExposed;
}

/** It keeps its id; queries that watch its former name are not woken. */
function rename(census: Census, dice: Dice): readonly Write[] | undefined {
  const instances = instancesOf(census);
  if (instances.length === 0) return undefined;
  const instance = dice.pick(instances);
  instance.service = dice.pick([...census.services.values()]);
  instance.tags = instance.service.tags;
  return [registerInstance(instance)];
}

function recheck(instance: Instance, dice: Dice): readonly Write[] {
  const hadCheck = instance.status !== undefined;
  instance.status = hadCheck ? undefined : dice.pick(STATUSES);
  return [hadCheck ? deregisterCheck(instance) : registerCheck(instance)];
}

function maintainInstance(instance: Instance): readonly Write[] {
  instance.isMaintained = !instance.isMaintained;
  return [maintain(instance.node, instance, instance.isMaintained)];
}

function maintainNode(node: Node): readonly Write[] {
  node.isMaintained = !node.isMaintained;
  return [maintain(node, undefined, node.isMaintained)];
}

function flipNode(node: Node): readonly Write[] {
  node.isHealthy = !node.isHealthy;
  return [registerNode(node)];
}

function moveNode(node: Node, dice: Dice): readonly Write[] {
  node.address = addressFor(dice);
  return [registerNode(node)];
}

function joinNode(census: Census, dice: Dice): readonly Write[] | undefined {
  if (census.nodes.size >= census.scale.mostNodes) return undefined;
  census.issued += 1;
  const number = census.issued;
  const node: Node = {
    name: `n${number}`,
    id: dice.percent(80) ? `00000000-0000-4000-8000-${String(number).padStart(12, "0")}` : "",
    address: addressFor(dice),
    isHealthy: true,
    isMaintained: false,
    instances: new Map(),
  };
  census.nodes.set(node.name, node);
  return [registerNode(node)];
}

function loseNode(census: Census, dice: Dice): readonly Write[] | undefined {
  if (census.nodes.size <= census.scale.fewestNodes) return undefined;
  const node = dice.pick([...census.nodes.values()]);
  census.nodes.delete(node.name);
  return [deregisterNode(node)];
}

function addressFor(dice: Dice): string {
  return `192.168.${dice.below(4)}.${1 + dice.below(250)}`;
}

/** Nodes to begin with, so that something can happen on them. */
export function firstNodes(census: Census, dice: Dice): readonly Write[] {
  return Array.from({ length: census.scale.fewestNodes }, () => joinNode(census, dice) ?? []).flat();
}
