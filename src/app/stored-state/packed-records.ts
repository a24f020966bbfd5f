/**
 * Records of one kind as compact JSON, `[COMMON, FIELDS, ROWS]`: the fields that all records have alike, the names of the
 * other fields, and for each record its values of those. Instances of one service differ in little but node and port.
 */
export type PackedRecords = readonly [
  common: Readonly<Record<string, unknown>>,
  fields: readonly string[],
  rows: readonly (readonly unknown[])[],
];

/**
 * Packs records. A field that not all of them have is absent again from those that lack it; none may be null.
 *
 * @param defaults values that are left out where all records have them
 */
export function packRecords(
  records: readonly object[],
  defaults: Readonly<Record<string, unknown>> = {},
): PackedRecords {
  const common: Record<string, unknown> = {};
  const fields: string[] = [];
  const all = records.map((one) => new Map<string, unknown>(Object.entries(one)));
  const [first, ...rest] = all;
  for (const field of new Set(all.flatMap((one) => [...one.keys()]))) {
    const value = first?.get(field);
    if (!rest.every((one) => isAlike(one.get(field), value))) fields.push(field);
    else if (!isAlike(defaults[field], value)) common[field] = value;
  }
  const rows = all.map((one) => fields.map((field) => one.get(field) ?? null));
  return [common, fields, rows];
}

/** Unpacks what `packRecords` made; undefined for anything else. Values are as JSON brought them, without the defaults. */
export function unpackRecords(packed: unknown): readonly Readonly<Record<string, unknown>>[] | undefined {
  if (!Array.isArray(packed) || packed.length !== 3) return undefined;
  const [common, fields, rows]: readonly unknown[] = packed;
  if (typeof common !== "object" || common === null || !isTexts(fields) || !Array.isArray(rows)) return undefined;
  const records: Record<string, unknown>[] = [];
  for (const row of rows) {
    if (!Array.isArray(row) || row.length !== fields.length) return undefined;
    const own = fields.map((field, i): readonly [string, unknown] => [field, row[i]]);
    records.push({ ...common, ...Object.fromEntries(own.filter(([, value]) => value !== null)) });
  }
  return records;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}

function isAlike(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  return typeof one === "object" && typeof other === "object" && JSON.stringify(one) === JSON.stringify(other);
}
