import type { CaseInstance, CatalogCase } from "./generators/catalogs.ts";

/** The case without every instance and every tag that can be left out so that it still fails. */
export async function smallestFailing(
  failing: CatalogCase,
  fails: (candidate: CatalogCase) => Promise<boolean>,
): Promise<CatalogCase> {
  let smallest = failing;
  for (const instance of failing.instances) {
    const without = replaced(smallest, instance, []);
    if (await fails(without)) smallest = without;
  }
  for (const instance of smallest.instances) {
    let present = instance;
    for (const tag of instance.tags) {
      const lighter = { ...present, tags: present.tags.filter((each) => each !== tag) };
      const without = replaced(smallest, present, [lighter]);
      if (!(await fails(without))) continue;
      smallest = without;
      present = lighter;
    }
  }
  return smallest;
}

function replaced(candidate: CatalogCase, old: CaseInstance, by: readonly CaseInstance[]): CatalogCase {
  return { ...candidate, instances: candidate.instances.flatMap((each) => (each === old ? by : [each])) };
}
