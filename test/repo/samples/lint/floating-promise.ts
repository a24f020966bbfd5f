/** A promise whose failure nobody would hear of. */
async function publish(): Promise<void> {
  await Promise.resolve();
}

export function run(): void {
  publish();
}
