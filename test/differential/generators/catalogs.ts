import fc from "fast-check";
import type { ProviderOptions } from "../../support/oracle.ts";
import { fieldTag, type Names, oddTag, recipe, type Tag, textOf, weightTag } from "./tags.ts";
import { nasty, serviceName } from "./texts.ts";

/** A catalog and the options that it is read with; tags are whole texts. */
export interface CatalogCase {
  readonly options: ProviderOptions;
  readonly nodes: readonly CaseNode[];
  readonly instances: readonly CaseInstance[];
  /** What occurs in it: fields by path, branches by name. */
  readonly marks: ReadonlySet<string>;
}

export interface CaseNode {
  readonly name: string;
  /** Empty for a node that was registered from outside. */
  readonly id: string;
  readonly address: string;
  readonly checks: readonly CaseCheck[];
}

export interface CaseInstance {
  readonly service: string;
  readonly id: string;
  /** Position in the list of nodes. */
  readonly node: number;
  readonly address: string;
  readonly port: number;
  readonly tags: readonly string[];
  readonly checks: readonly CaseCheck[];
}

export interface CaseCheck {
  readonly id: string;
  readonly status: string;
}

/** A thing and what it is there to show. */
interface Marked<T> {
  readonly value: T;
  readonly marks: readonly string[];
}

function marked<T>(value: T, ...marks: readonly string[]): Marked<T> {
  return { value, marks };
}

function oneOf<T>(...choices: readonly (readonly [number, Marked<T>])[]): fc.Arbitrary<Marked<T>> {
  return fc.oneof(
    { withCrossShrink: true },
    ...choices.map(([weight, choice]) => ({ weight, arbitrary: fc.constant(choice) })),
  );
}

const SERVES = [marked("passing"), marked("warning", "check warning")] as const;

const status = oneOf(
  ...([
    [12, SERVES[0]],
    [2, SERVES[1]],
    [1, marked("critical", "check critical")],
    [1, marked("resting", "check of unknown status")],
  ] as const),
);

const nodeChecks: fc.Arbitrary<Marked<readonly CaseCheck[]>> = fc.oneof(
  { withCrossShrink: true },
  { weight: 3, arbitrary: fc.constant(marked<readonly CaseCheck[]>([])) },
  {
    weight: 6,
    arbitrary: fc.constant(marked([{ id: "serfHealth", status: "passing" }])),
  },
  { weight: 1, arbitrary: fc.constant(marked([{ id: "serfHealth", status: "critical" }], "node check critical")) },
  {
    weight: 1,
    arbitrary: fc.constant(
      marked(
        [
          { id: "serfHealth", status: "passing" },
          { id: "_node_maintenance", status: "critical" },
        ],
        "node maintenance",
      ),
    ),
  },
);

const node = fc.record({
  name: fc.constantFrom("node-1", "node-1", "node.1", "n2", "__proto__"),
  id: oneOf([2, marked("id")], [1, marked("", "node without id")]),
  address: fc.constantFrom("192.168.11.11", "192.168.11.12", "fd00::1", "node.example"),
  checks: nodeChecks,
});

const enabling = oneOf<readonly string[]>(
  [30, marked(["enable=true"], "enable=true")],
  [2, marked([], "no enable")],
  [1, marked(["enable=false"], "enable=false")],
  [1, marked(["Enable=true"], "enable in another case")],
  [1, marked(["enable=T"], "enable by a letter")],
  [1, marked(["enable=1"], "enable by a digit")],
  [1, marked(["enable=TRUE"], "enable=TRUE")],
  [1, marked(["enable=yes"], "enable that is no boolean")],
  [1, marked(["enable="], "enable that is no boolean")],
  [1, marked(["enabled=true"], "enable misspelt")],
  [1, marked(["enable =true"], "enable with a blank")],
  [1, marked(["enable= true"], "enable with a blank")],
  [1, marked(["enable = true"], "enable with a blank")],
  [1, marked(["enable=true", "enable = TRUE "], "enable with and without a blank")],
  [1, marked(["enable.foo=true"], "enable with fields")],
  [1, marked(["enable=true", "consulcatalog.foo=x"], "unknown option of the provider")],
  [1, marked(["enable=true", "consulcatalog.connect=true"], "connect")],
  [1, marked(["enable=true", "consulcatalog.canary=maybe"], "canary that is no boolean")],
);

const canary = oneOf<readonly string[]>(
  [12, marked([])],
  [2, marked(["consulcatalog.canary=true", "nomad.canary=true"], "canary")],
  [1, marked(["ConsulCatalog.Canary=1", "nomad.canary=True"], "canary in another case")],
  [1, marked(["nomad.canary = TRUE "], "canary with a blank")],
  [1, marked(["nomad.Canary=true", "nomad.canary=1"], "canary that Nomad does not read")],
);

/** More than an instance may have. */
const MANY_TAGS: readonly string[] = Array.from({ length: 1_001 }, (_, number) => `t${number}`);

const unprefixed = fc.oneof(
  { withCrossShrink: true },
  { weight: 800, arbitrary: fc.constant<readonly string[]>([]) },
  {
    weight: 200,
    arbitrary: fc.constantFrom<readonly string[]>(["a"], ["b", "c"], ["urlprefix-/x"], ["edge.x=1"], ["traefik"]),
  },
  {
    weight: 100,
    arbitrary: fc.constantFrom<readonly string[]>(
      ["portolan.weight=3"],
      ["portolan.weight=many"],
      ["portolan.address=lan"],
    ),
  },
  { weight: 200, arbitrary: nasty.map((text) => [text]) },
  { weight: 8, arbitrary: fc.constant(MANY_TAGS) },
);

const port = oneOf([8, marked(24_001)], [4, marked(31_999)], [2, marked(80)], [1, marked(0, "port 0")]);

const address = oneOf(
  [6, marked("", "address of the node")],
  [3, marked("10.0.0.5", "address of the service")],
  [1, marked("10.0.0.6", "address of the service")],
  [1, marked("fd00::5", "IPv6 address")],
  [1, marked("fe80::7", "IPv6 address")],
  [1, marked("[fd00::6]", "IPv6 address in brackets")],
  [1, marked("{{ .x }}", "address that is none")],
);

const instanceChecks: fc.Arbitrary<Marked<readonly CaseCheck[]>> = fc.oneof(
  { withCrossShrink: true },
  { weight: 2, arbitrary: fc.constant(marked<readonly CaseCheck[]>([], "no check of the service")) },
  { weight: 6, arbitrary: status.map(({ value, marks }) => marked([{ id: "service", status: value }], ...marks)) },
  {
    weight: 1,
    arbitrary: fc.tuple(status, status).map(([a, b]) =>
      marked(
        [
          { id: "one", status: a.value },
          { id: "two", status: b.value },
        ],
        "several checks",
        ...a.marks,
      ),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constant(marked([{ id: "_service_maintenance:x", status: "critical" }], "service maintenance")),
  },
);

interface Variation {
  readonly node: number;
  readonly address: Marked<string>;
  readonly port: Marked<number>;
  readonly checks: Marked<readonly CaseCheck[]>;
  /** Instead of what its siblings say about exposure. */
  readonly enabling: readonly Marked<readonly string[]>[];
  /** Tags of this instance alone, and whether it lacks those of its siblings. */
  readonly own: readonly Tag[];
  readonly isBare: boolean;
}

const variation: fc.Arbitrary<Variation> = fc.record({
  node: fc.nat(3),
  address,
  port,
  checks: instanceChecks,
  enabling: sometimes(20, enabling),
  own: sometimes(
    6,
    fc.oneof({ weight: 5, arbitrary: fc.oneof(fieldTag, oddTag) }, { weight: 2, arbitrary: weightTag }),
  ),
  isBare: fc.nat(24).map((n) => n === 24),
});

/** Nothing most of the time, else one. */
function sometimes<T>(oneIn: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<readonly T[]> {
  return fc.oneof(
    { withCrossShrink: true },
    { weight: oneIn - 1, arbitrary: fc.constant<readonly T[]>([]) },
    { weight: 1, arbitrary: arbitrary.map((one) => [one]) },
  );
}

/** Most services have names of their own; what several of them define may or may not be the same. */
function nameLike(own: string): fc.Arbitrary<string> {
  return fc.oneof(
    { withCrossShrink: true },
    { weight: 12, arbitrary: fc.constant(own) },
    { weight: 2, arbitrary: fc.constantFrom("shared", "Shared") },
    { weight: 1, arbitrary: nasty },
  );
}

/** How the service ids of the instances relate: unlike, the same once they are normalised, or the same on every node. */
const ids = oneOf(
  [12, marked((position: number, index: number) => `i${position}-${index}`)],
  [2, marked((position: number, index: number) => `i${position}${"-. _"[index]}x`, "ids that are alike")],
  [3, marked((position: number) => `i${position}`, "one id on several nodes")],
);

/** Between key and value; Consul's side takes blanks as parts of both. */
const equals = oneOf([19, marked("=")], [1, marked(" = ", "blanks around keys and values")]);

const service = fc.record({
  name: serviceName,
  ids,
  equals,
  enabling,
  canary,
  unprefixed,
  names: fc.record({ router: nameLike("@"), service: nameLike("@-s"), middleware: nameLike("@-m") }),
  recipe,
  fields: fc.array(fieldTag, { maxLength: 4 }),
  odd: sometimes(4, oddTag),
  instances: fc.array(variation, { minLength: 1, maxLength: 4 }),
});

type Service = typeof service extends fc.Arbitrary<infer T> ? T : never;

const options: fc.Arbitrary<Marked<ProviderOptions>> = fc
  .record({
    prefix: oneOf<string | undefined>(
      [40, marked(undefined)],
      [4, marked("edge", "prefix")],
      [4, marked("a.b", "prefix with a dot")],
      [1, marked("", "empty prefix")],
    ),
    exposedByDefault: oneOf([1, marked(true, "exposed by default")], [1, marked(false, "not exposed by default")]),
    defaultRule: oneOf<string | undefined>(
      [8, marked(undefined)],
      [1, marked("Host(`{{ .Name }}.example`)", "default rule with the name")],
      [1, marked('Host(`{{ index .Labels "traefik.http.routers.web.rule" }}`)', "default rule with a label")],
      [1, marked('{{ index .Labels "traefik.none" }}', "default rule that is empty")],
    ),
    constraints: oneOf<string | undefined>(
      [20, marked(undefined)],
      [1, marked("Tag(`a`) || !Tag(`b`) && !Tag(`c`)", "constraint")],
      [1, marked("!Tag(`traefik.enable=T`)", "constraint")],
      [1, marked("TagRegex(`^traefik\\.`) || TagRegex(`.`)", "constraint by pattern")],
      [1, marked("!TagRegex(`(`)", "constraint by a bad pattern")],
      [1, marked("tag(`a`)", "constraint that is none")],
    ),
    strictChecks: oneOf<readonly string[] | undefined>(
      [8, marked(undefined)],
      [1, marked(["any"], "any status")],
      [1, marked(["WARNING", "passing"], "statuses in another case")],
      [1, marked(["critical", "passing", "warning"], "critical is served")],
    ),
  })
  .map(({ prefix, exposedByDefault, defaultRule, constraints, strictChecks }) => ({
    value: {
      exposedByDefault: exposedByDefault.value,
      ...(prefix.value === undefined ? {} : { prefix: prefix.value }),
      ...(defaultRule.value === undefined ? {} : { defaultRule: defaultRule.value }),
      ...(constraints.value === undefined ? {} : { constraints: constraints.value }),
      ...(strictChecks.value === undefined ? {} : { strictChecks: strictChecks.value }),
    },
    marks: [prefix, exposedByDefault, defaultRule, constraints, strictChecks].flatMap(({ marks }) => marks),
  }));

/** Catalogs of up to five services with up to four instances each, from healthy ones to broken ones. */
export const catalogCase: fc.Arbitrary<CatalogCase> = fc
  .record({
    options,
    nodes: fc.array(node, { minLength: 1, maxLength: 3 }),
    services: fc.array(service, { minLength: 1, maxLength: 5 }),
  })
  .map(({ options: { value, marks }, nodes, services }) => {
    const all = new Set(marks);
    const prefix = value.prefix ?? "traefik";
    const named = nodes.map((each, index): CaseNode => {
      for (const mark of [...each.id.marks, ...each.checks.marks]) all.add(mark);
      const name = nodes.slice(0, index).some((other) => other.name === each.name)
        ? `${each.name}-${index}`
        : each.name;
      const id = each.id.value === "" ? "" : `00000000-0000-4000-8000-00000000000${index}`;
      return { name, id, address: each.address, checks: each.checks.value };
    });
    const instances = services.flatMap((each, position) =>
      instancesOf(each, position, { prefix, nodes: named, marks: all }),
    );
    return { options: value, nodes: named, instances, marks: all };
  });

function instancesOf(
  one: Service,
  position: number,
  {
    prefix,
    nodes,
    marks,
  }: { readonly prefix: string; readonly nodes: readonly CaseNode[]; readonly marks: Set<string> },
): readonly CaseInstance[] {
  const shared = [...one.recipe, ...one.fields, ...one.odd];
  const names = namesFor(one);
  for (const mark of [...one.ids.marks, ...one.equals.marks]) marks.add(mark);
  const instances = one.instances.map((each, index): CaseInstance => {
    const enabling = each.enabling[0] ?? one.enabling;
    const tags = each.isBare ? [] : [...shared, ...each.own];
    for (const { marks: shown } of [enabling, one.canary, each.address, each.port, each.checks, ...tags]) {
      for (const mark of shown) marks.add(mark);
    }
    const prefixed = [...enabling.value, ...one.canary.value].map((text) => `${prefix}.${text}`);
    return {
      service: one.name,
      id: one.ids.value(position, index),
      node: each.node % nodes.length,
      address: each.address.value,
      port: each.port.value,
      tags: [...prefixed, ...one.unprefixed, ...tags.map((tag) => textOf(tag, prefix, names, one.equals.value))],
      checks: each.checks.value,
    };
  });
  // A second registration with the same id on the same node would replace the first one.
  return instances.filter(
    ({ node, id }, index) => instances.findIndex((each) => each.node === node && each.id === id) === index,
  );
}

/** The service's own name, in a form that can be one part of a key, stands for `@`. */
function namesFor({ name, names }: Service): Names {
  const own = name.replaceAll(/[.[\]=]/g, "-");
  const fill = (text: string) => text.replace("@", () => own);
  return { router: fill(names.router), service: fill(names.service), middleware: fill(names.middleware) };
}
