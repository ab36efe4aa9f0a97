import * as hosted from "./hosted.js";
import * as own from "./own.js";

/** Every server, by a short name. */
export const SHAPES = { ...own, ...hosted } as const;
