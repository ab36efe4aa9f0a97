export { openSession } from "./open-session.js";
export type { OwnCommands } from "./own-plugins.js";
export { type ListedPlugin, listPath, readPluginList } from "./plugin-list.js";
export type { Preview } from "./preview.js";
export { type Session, sessionOf } from "./session.js";
