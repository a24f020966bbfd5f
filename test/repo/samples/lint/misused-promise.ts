/** The handler's failure would be nobody's. */
export function listen(on: (handler: () => void) => void): void {
  on(async () => {
    await Promise.reject(new Error("lost"));
  });
}
