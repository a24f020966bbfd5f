import { outside } from "../outside.ts";

export const reached = outside;
