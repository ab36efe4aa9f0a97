import * as hosted from "./real-servers.hosted.js";
import * as own from "./real-servers.own.js";

/** Every server, by a short name. */
export const SHAPES = { ...own, ...hosted } as const;
