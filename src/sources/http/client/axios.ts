import { createRequire } from "node:module";

type Axios = Pick<typeof import("axios"), "Axios" | "isAxiosError" | "isCancel">;

/** axios as the one file that it offers to `require`: as some sixty modules it takes longer to load, and 3 MB more. */
export const { Axios, isAxiosError, isCancel }: Axios = createRequire(import.meta.url)("axios");
