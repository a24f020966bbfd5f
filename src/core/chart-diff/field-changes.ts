import { canonicalJson } from "../traefik/chart/canonical-json.ts";
import {
  type ConfigObject,
  type ConfigValue,
  configObject,
  isConfigObject,
  splitKey,
} from "../traefik/chart/dynamic-config.ts";
import { maskSecrets } from "../traefik/mask-secrets.ts";
import type { ResourceDiff } from "./chart-diff.ts";

/** A field that differs, as it may be shown to any reader: secrets are `***`. */
export interface FieldChange {
  /** The names from the outside in, such as `loadBalancer`, `servers`. */
  readonly path: readonly string[];
  /** Absent where it was not set; of a list the item that has gone. */
  readonly before?: ConfigValue;
  /** Absent where it is not set; of a list the item that has come. */
  readonly after?: ConfigValue;
  /** Both are masked alike and are not the same. */
  readonly isSecret?: true;
}

/**
 * The fields in which a thing differs, without their secrets: one for each that comes, goes or is another, in the order of
 * their names. Of a list each item that has come or gone, or both lists where only their order is another.
 */
export function fieldChanges({ key, before, after }: ResourceDiff): readonly FieldChange[] {
  const { section } = splitKey(key);
  const shown = (object: ConfigObject | undefined): Shown => {
    const raw = object ?? configObject();
    return { raw, masked: maskSecrets(section, raw) };
  };
  return [...changesBelow([], shown(before), shown(after))];
}

/** A value, and how it may be shown: the same shape. */
interface Shown<Value extends ConfigValue = ConfigValue> {
  readonly raw: Value;
  readonly masked: ConfigValue;
}

function* changesBelow(path: readonly string[], before?: Shown, after?: Shown): Generator<FieldChange> {
  if (before !== undefined && after !== undefined && isSame(before, after)) return;
  const [objectBefore, objectAfter] = [asObject(before), asObject(after)];
  const isNested = (before === undefined || objectBefore) && (after === undefined || objectAfter);
  if (isNested) {
    const names = new Set([...Object.keys(objectBefore?.raw ?? {}), ...Object.keys(objectAfter?.raw ?? {})]);
    // An empty object is a setting of its own: `compress: {}`.
    if (names.size === 0) yield change(path, before, after);
    for (const name of [...names].sort()) {
      yield* changesBelow([...path, name], fieldOf(objectBefore, name), fieldOf(objectAfter, name));
    }
    return;
  }
  const [listBefore, listAfter] = [asList(before), asList(after)];
  const isOfItems = (before === undefined || listBefore) && (after === undefined || listAfter);
  if (!isOfItems) return yield change(path, before, after);
  const gone = withoutItems(listBefore ?? [], listAfter ?? []);
  const come = withoutItems(listAfter ?? [], listBefore ?? []);
  if (gone.length === 0 && come.length === 0) return yield change(path, before, after);
  for (const item of gone) yield change(path, item, undefined);
  for (const item of come) yield change(path, undefined, item);
}

function change(path: readonly string[], before: Shown | undefined, after: Shown | undefined): FieldChange {
  const isAlike = before && after && canonicalJson(before.masked) === canonicalJson(after.masked);
  return {
    path,
    ...(before === undefined ? {} : { before: before.masked }),
    ...(after === undefined ? {} : { after: after.masked }),
    ...(isAlike === true ? { isSecret: true as const } : {}),
  };
}

function isSame(one: Shown, other: Shown): boolean {
  return canonicalJson(one.raw) === canonicalJson(other.raw);
}

function asObject(shown: Shown | undefined): Shown<ConfigObject> | undefined {
  return shown !== undefined && isConfigObject(shown.raw) ? { raw: shown.raw, masked: shown.masked } : undefined;
}

function fieldOf(shown: Shown<ConfigObject> | undefined, name: string): Shown | undefined {
  const raw = shown?.raw[name];
  if (shown === undefined || raw === undefined) return undefined;
  return { raw, masked: (isConfigObject(shown.masked) ? shown.masked[name] : undefined) ?? "***" };
}

function asList(shown: Shown | undefined): readonly Shown[] | undefined {
  if (shown === undefined || !Array.isArray(shown.raw)) return undefined;
  const { raw, masked } = shown;
  return raw.map((item: ConfigValue, position) => {
    const maskedItem: ConfigValue | undefined = Array.isArray(masked) ? masked[position] : undefined;
    return { raw: item, masked: maskedItem ?? "***" };
  });
}

/** The items of a list without those of another, each as often as it is there. */
function withoutItems(list: readonly Shown[], others: readonly Shown[]): readonly Shown[] {
  const left = new Map<string, number>();
  for (const { raw } of others) {
    const text = canonicalJson(raw);
    left.set(text, (left.get(text) ?? 0) + 1);
  }
  return list.filter(({ raw }) => {
    const text = canonicalJson(raw);
    const times = left.get(text) ?? 0;
    left.set(text, times - 1);
    return times <= 0;
  });
}
