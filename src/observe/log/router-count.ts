/** A number of routers for people: `1 router`, `2 routers`. */
export function routerCount(routers: number): string {
  return `${routers} router${routers === 1 ? "" : "s"}`;
}
