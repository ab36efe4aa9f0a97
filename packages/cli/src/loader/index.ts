export { type LoadConfigOptions, loadConfig } from "./load-config.js";
export type { CreateLoginCommand, LoginCommandClass } from "./login-plugin.js";
export { type ListedPlugin, listPath, type PluginList, readPluginList } from "./plugin-list.js";
export type { Preview } from "./preview.js";
export { type LoadedPlugin, type Session, sessionOf } from "./session.js";
