import type { ChartFacts } from "./chart-facts.ts";
import { isShown, type TagSet, type TrueCatalog, type TrueInstance, tagsOf } from "./true-catalog.ts";

/** What was so at two passes, one after the other. */
export interface Moment {
  /** Undefined before the first pass. */
  readonly was: TrueCatalog | undefined;
  readonly now: TrueCatalog;
  readonly chartBefore: ChartFacts;
  readonly chart: ChartFacts;
  /** Instances that have been behind a router since they registered. */
  readonly haveServed: ReadonlySet<string>;
  readonly areSettingsOther: boolean;
}

/** Whom a reason is about: one instance, or all those of a service. */
export interface Subject {
  readonly service: string;
  /** Undefined where the reason is the router's. */
  readonly id: string | undefined;
  readonly router: string;
}

/** The tags that a diagnostic blames. */
export const BLAMED: Readonly<Record<string, readonly TagSet[]>> = {
  RULE_SYNTAX: ["brokenRule"],
  REFERENCE_UNKNOWN: ["noGate"],
  REFERENCE_REFUSED: ["noGate"],
  TAG_BAD_VALUE: ["badValue", "otherBadValue"],
};

/** Each reason that the log may give, and whether it was so. A reason that none of these knows is no reason. */
const CLAIMS: readonly (readonly [RegExp, (moment: Moment, subject: Subject, found: RegExpExecArray) => boolean])[] = [
  [
    /^registered$/,
    ({ was, now }, { id, service }) =>
      were(was, { id, service }).length === 0 && isWhole(was) && are(now, { id, service }).length > 0,
  ],
  [/^found in the catalog$/, ({ was }) => !isWhole(was)],
  [/^deregistered$/, ({ now }, subject) => are(now, subject).length === 0],
  [/^the catalog does not show it/, ({ now }, subject) => are(now, subject).every(({ id }) => !isShown(now, id))],
  [/^critical \(check "c"\)$/, ({ now }, subject) => are(now, subject).some(({ isHealthy }) => !isHealthy)],
  [/^healthy$/, ({ was, now }, subject) => hasTurned(was, now, subject)],
  [
    /^healthy again$/,
    ({ was, now, haveServed }, subject) => hasTurned(was, now, subject) && haveServed.has(subject.id ?? ""),
  ],
  [/^no longer exposed$/, ({ now }, subject) => are(now, subject).some(({ tags }) => tags === "hidden")],
  [/^quarantined: (\w+)$/, ({ now }, subject, [, code = ""]) => are(now, subject).some(blamedBy(code))],
  // The router is left out, by whichever instance's definition of it counts.
  [
    /^left out: (\w+)$/,
    ({ now }, { service }, [, code = ""]) => are(now, { service, id: undefined }).some(blamedBy(code)),
  ],
  [
    /^(\w+) is settled$/,
    ({ was }, { service }, [, code = ""]) => were(was, { service, id: undefined }).some(blamedBy(code)),
  ],
  [/^moved$/, ({ was, now }, { id }) => was?.registered.get(id ?? "")?.port !== now.registered.get(id ?? "")?.port],
  [/^its tags changed: (.+)$/, (moment, subject, [, keys = ""]) => areKeys(keys, changedKeys(moment, subject))],
  [
    /^another instance's definition counts now, with other tags: (.+)$/,
    ({ was, now }, { service }) => routedIds(was, service) !== routedIds(now, service),
  ],
  [
    /^its service no longer asks for it$/,
    ({ now }, { router, service }) =>
      are(now, { service, id: undefined }).every(
        ({ tags, isHealthy }) => !isHealthy || (tags === "renamed") !== router.startsWith("other-"),
      ),
  ],
  [/^the settings changed$/, ({ areSettingsOther }) => areSettingsOther],
  [
    /^replaced by router (.+)$/,
    ({ chart, chartBefore }, { router }, [, by = ""]) => chart.get(by)?.rule === chartBefore.get(router)?.rule,
  ],
  [/^no instance came back in time$/, ({ chartBefore }, { router }) => chartBefore.get(router)?.servers.size === 0],
  [/^no instance serves there any more$/, () => true],
  [/^http\/middlewares\/gate changed$/, ({ was, now }) => routedIds(was, "gate") !== routedIds(now, "gate")],
];

/** Was this reason so? Undefined where no claim is known for it. */
export function isSo(reason: string, moment: Moment, subject: Subject): boolean | undefined {
  for (const [pattern, holds] of CLAIMS) {
    const found = pattern.exec(reason);
    if (found !== null) return holds(moment, subject, found);
  }
  return undefined;
}

function isWhole(catalog: TrueCatalog | undefined): boolean {
  return catalog !== undefined && catalog.hiddenIds === undefined;
}

type Whom = Pick<Subject, "id" | "service">;

export function are({ registered }: TrueCatalog, { id, service }: Whom): readonly TrueInstance[] {
  return [...registered.values()].filter((one) => (id === undefined ? one.service === service : one.id === id));
}

function were(catalog: TrueCatalog | undefined, whom: Whom): readonly TrueInstance[] {
  return catalog === undefined ? [] : are(catalog, whom);
}

function hasTurned(was: TrueCatalog | undefined, now: TrueCatalog, whom: Whom): boolean {
  return were(was, whom).some(({ isHealthy }) => !isHealthy) && are(now, whom).some(({ isHealthy }) => isHealthy);
}

function blamedBy(code: string): (one: TrueInstance) => boolean {
  return ({ tags }) => BLAMED[code]?.includes(tags) === true;
}

/** The keys of the tags in which instances differ that were registered at both passes. */
function changedKeys({ was, now }: Moment, { service }: Subject): ReadonlySet<string> {
  return new Set(
    are(now, { service, id: undefined }).flatMap((one) => {
      const known = was?.registered.get(one.id);
      if (known === undefined) return [];
      const [before, after] = [tagsOf(known), tagsOf(one)];
      const differing = [
        ...before.filter((tag) => !after.includes(tag)),
        ...after.filter((tag) => !before.includes(tag)),
      ];
      return differing.map((tag) => tag.split("=", 1)[0] ?? "");
    }),
  );
}

function areKeys(told: string, changed: ReadonlySet<string>): boolean {
  return (
    told
      .split(" and ", 1)[0]
      ?.split(", ")
      .every((key) => changed.has(key)) === true
  );
}

/** The instances of a service that may be routed, with their tags, as text. */
function routedIds(catalog: TrueCatalog | undefined, service: string): string {
  return were(catalog, { service, id: undefined })
    .filter((one) => one.isHealthy && catalog !== undefined && isShown(catalog, one.id))
    .map(({ id, tags }) => `${id} ${tags}`)
    .join();
}
