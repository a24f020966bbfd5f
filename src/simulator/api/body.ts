import { AppError } from "../../base/errors.ts";

/** One value of a request body and where it stands, for messages. */
export interface Found {
  readonly value: unknown;
  readonly at: string;
}

/** Go's JSON decoder takes null for absent. */
export function isAbsent({ value }: Found): boolean {
  return value === undefined || value === null;
}

/** The value under a key, in its own case; absent where there is none. */
export function member(found: Found, key: string): Found {
  const object = objectIn(found);
  return { value: Object.hasOwn(object, key) ? Reflect.get(object, key) : undefined, at: `${found.at}.${key}` };
}

function objectIn(found: Found): object {
  const { value } = found;
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrongType(found, "an object");
  return value;
}

export function text(found: Found): string | undefined {
  if (isAbsent(found)) return undefined;
  if (typeof found.value !== "string") throw wrongType(found, "a string");
  return found.value;
}

export function integer(found: Found): number | undefined {
  if (isAbsent(found)) return undefined;
  if (typeof found.value !== "number" || !Number.isInteger(found.value)) throw wrongType(found, "an integer");
  return found.value;
}

export function flag(found: Found): boolean | undefined {
  if (isAbsent(found)) return undefined;
  if (typeof found.value !== "boolean") throw wrongType(found, "a boolean");
  return found.value;
}

export function list<T>(found: Found, item: (found: Found) => T | undefined): readonly T[] | undefined {
  if (isAbsent(found)) return undefined;
  if (!Array.isArray(found.value)) throw wrongType(found, "an array");
  return found.value.flatMap((value: unknown, i) => item({ value, at: `${found.at}[${i}]` }) ?? []);
}

export function table<T>(found: Found, item: (found: Found) => T | undefined): Readonly<Record<string, T>> | undefined {
  if (isAbsent(found)) return undefined;
  const decoded: [string, T][] = [];
  for (const [key, value] of Object.entries(objectIn(found))) {
    const entry = item({ value, at: `${found.at}.${key}` });
    if (entry !== undefined) decoded.push([key, entry]);
  }
  return Object.fromEntries(decoded);
}

function wrongType(found: Found, wanted: string): AppError {
  const message = `Request decode failed: ${found.at} is ${JSON.stringify(found.value)}, want ${wanted}`;
  return new AppError(message, { code: "E_SIMULATOR_BODY", retryable: false });
}
