import type { CheckRow, Instance, NodeRow } from "../state/records.ts";

/**
 * Rows and lists as JSON text, in the shape in which Consul's API shows them. A row is written once: rows are never
 * changed, only replaced, so its text is remembered for as long as the row itself.
 */
const nodeTexts = new WeakMap<object, string>();

export function nodeText(node: NodeRow): string {
  return remembered(nodeTexts, node, () => JSON.stringify(node));
}

const NO_PROXY = { MeshGateway: {}, Expose: {} };

const serviceTexts = new WeakMap<object, string>();

/** The service of an instance, as health/service and catalog/node show it. */
export function serviceText(instance: Instance): string {
  return remembered(serviceTexts, instance, () => {
    const { CreateIndex, ModifyIndex, ...service } = instance.service;
    return JSON.stringify({
      ...service,
      EnableTagOverride: false,
      Proxy: NO_PROXY,
      Connect: {},
      CreateIndex,
      ModifyIndex,
    });
  });
}

const checkTexts = new WeakMap<object, string>();

export function checkText(row: CheckRow): string {
  return remembered(checkTexts, row, () => {
    const { CreateIndex, ModifyIndex, ...check } = row;
    return JSON.stringify({ ...check, Type: "", Definition: {}, CreateIndex, ModifyIndex });
  });
}

const tagTexts = new WeakMap<object, string>();

/** `"NAME":["TAG",…]`: a service with the union of the tags of its instances, as catalog/services shows it. */
export function tagsText(name: string, instances: readonly Instance[]): string {
  return remembered(tagTexts, instances, () => {
    const union = new Set(instances.flatMap(({ service }) => service.Tags));
    return `${JSON.stringify(name)}:${JSON.stringify([...union])}`;
  });
}

/** An instance with its node but without its health, as catalog/service shows it. */
export function catalogText({ service }: Instance, node: NodeRow): string {
  const { TaggedAddresses } = service;
  return JSON.stringify({
    ID: node.ID,
    Node: node.Node,
    Address: node.Address,
    Datacenter: node.Datacenter,
    TaggedAddresses: node.TaggedAddresses,
    NodeMeta: node.Meta,
    ServiceKind: "",
    ServiceID: service.ID,
    ServiceName: service.Service,
    ServiceTags: service.Tags,
    ServiceAddress: service.Address,
    ...(TaggedAddresses === undefined ? {} : { ServiceTaggedAddresses: TaggedAddresses }),
    ServiceWeights: service.Weights,
    ServiceMeta: service.Meta ?? {},
    ServicePort: service.Port,
    ServiceEnableTagOverride: false,
    ServiceProxy: NO_PROXY,
    ServiceConnect: {},
    CreateIndex: service.CreateIndex,
    ModifyIndex: service.ModifyIndex,
  });
}

/** By the function that writes a row, then by the list. */
const listTexts = new WeakMap<object, WeakMap<object, string>>();

/** All of a list's rows as a JSON array. Lists that the tables hand out never change, so it is remembered as well. */
export function wholeListText<Row extends object>(rows: readonly Row[], write: (row: Row) => string): string {
  const texts = listTexts.get(write) ?? new WeakMap<object, string>();
  listTexts.set(write, texts);
  return remembered(texts, rows, () => listText(rows, write));
}

/** Some rows as a JSON array. */
export function listText<Row>(rows: readonly Row[], write: (row: Row) => string): string {
  return `[${rows.map(write).join(",")}]`;
}

function remembered(texts: WeakMap<object, string>, key: object, write: () => string): string {
  const known = texts.get(key);
  if (known !== undefined) return known;
  const text = write();
  texts.set(key, text);
  return text;
}
