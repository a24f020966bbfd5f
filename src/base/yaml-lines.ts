import { EVENT_ID, getScalarValue, parseEvents } from "js-yaml";

/**
 * Where the keys of a YAML text stand: the line of each (from 1) by its path from the root, joined by dots; items of lists are
 * numbers. Only of the first document. What an alias repeats has the line of the alias alone. Empty where the text is no YAML.
 */
export function linesOfKeys(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  const lineAt = lineCounter(text);
  const open: Container[] = [];
  let documents = 0;
  for (const event of eventsOf(text)) {
    if (event.type === EVENT_ID.DOCUMENT) {
      documents += 1;
      if (documents > 1) break;
      continue;
    }
    if (event.type === EVENT_ID.POP) {
      open.pop();
      open.at(-1)?.valueIsRead();
      continue;
    }
    const at = open.at(-1);
    if (event.type === EVENT_ID.SCALAR && at?.awaitsKey() === true) {
      at.key = getScalarValue(text, event);
      lines.set(at.pathOfValue(), lineAt(event.valueStart));
      continue;
    }
    const path = at?.pathOfValue() ?? "";
    if (event.type === EVENT_ID.SEQUENCE || event.type === EVENT_ID.MAPPING) {
      if (at?.isList === true) lines.set(path, lineAt(event.start));
      open.push(container(path, event.type === EVENT_ID.SEQUENCE));
      continue;
    }
    at?.valueIsRead();
  }
  return lines;
}

interface Container {
  readonly isList: boolean;
  /** The key whose value comes next; undefined where a key comes next. */
  key: string | undefined;
  awaitsKey(): boolean;
  pathOfValue(): string;
  valueIsRead(): void;
}

function container(path: string, isList: boolean): Container {
  let position = 0;
  const one: Container = {
    isList,
    key: undefined,
    awaitsKey: () => !isList && one.key === undefined,
    pathOfValue: () => [path, isList ? String(position) : (one.key ?? "")].filter((part) => part !== "").join("."),
    valueIsRead() {
      position += 1;
      one.key = undefined;
    },
  };
  return one;
}

function eventsOf(text: string): ReturnType<typeof parseEvents> {
  try {
    return parseEvents(text, {});
  } catch {
    return [];
  }
}

/** Of offsets that never go back: keys come in the order of the text, of which there may be many megabytes. */
function lineCounter(text: string): (offset: number) => number {
  let line = 1;
  let end = text.indexOf("\n");
  return (offset) => {
    for (; end !== -1 && end < offset; end = text.indexOf("\n", end + 1)) line += 1;
    return line;
  };
}
