export { loadConfig } from "./load-config.js";
export { type ListedPlugin, listPath, readPluginList } from "./plugin-list.js";
export type { Preview } from "./preview.js";
export { type Session, sessionOf } from "./session.js";
