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
 * Packs records that all have the same fields.
 *
 * @param defaults values that are left out where all records have them
 */
export function packRecords(
  records: readonly object[],
  defaults: Readonly<Record<string, unknown>> = {},
): PackedRecords {
  const common: Record<string, unknown> = {};
  const fields: string[] = [];
  const [first = {}, ...others] = records;
  const rest = others.map((one) => new Map(Object.entries(one)));
  for (const [field, value] of Object.entries(first)) {
    if (!rest.every((one) => isAlike(one.get(field), value))) fields.push(field);
    else if (!isAlike(defaults[field], value)) common[field] = value;
  }
  const rows = records.map((one) => {
    const values = new Map<string, unknown>(Object.entries(one));
    return fields.map((field) => values.get(field));
  });
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
    records.push({ ...common, ...Object.fromEntries(fields.map((field, i) => [field, row[i]])) });
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
