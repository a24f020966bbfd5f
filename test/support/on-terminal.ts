/**
 * Runs something while standard output passes for a terminal of so many columns, in this environment; nothing reaches the
 * real one by that. What it was before is put back.
 */
export async function onTerminal<T>(
  columns: number,
  environment: Readonly<Record<"TERM" | "NO_COLOR", string | undefined>>,
  act: () => Promise<T>,
): Promise<T> {
  const own = { isTTY: true, columns } as const;
  const before = Object.entries(own).map(
    ([name]) => [name, Object.getOwnPropertyDescriptor(process.stdout, name)] as const,
  );
  const variables = Object.keys(environment).map((name) => [name, process.env[name]] as const);
  setVariables(Object.entries(environment));
  for (const [name, value] of Object.entries(own))
    Object.defineProperty(process.stdout, name, { value, configurable: true });
  try {
    return await act();
  } finally {
    for (const [name, descriptor] of before) {
      if (descriptor === undefined) Reflect.deleteProperty(process.stdout, name);
      else Object.defineProperty(process.stdout, name, descriptor);
    }
    setVariables(variables);
  }
}

function setVariables(variables: readonly (readonly [string, string | undefined])[]): void {
  for (const [name, value] of variables) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}
