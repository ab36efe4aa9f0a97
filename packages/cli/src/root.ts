import { dirname } from "node:path";

/** The program's folder: the one with its `package.json`. This file is built, and bundled, right below `dist`. */
export const ROOT: string = dirname(import.meta.dirname);
