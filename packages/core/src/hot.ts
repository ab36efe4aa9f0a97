/**
 * The parts of the use cases that answer the commands which scripts call thousands of times, and nothing that takes
 * time to load.
 */
export { type AtOnce, freshAtOnce, statusAtOnce } from "./at-once.js";
export type { Freshness } from "./credential/fresh-as-it-is.js";
export { TOKEN_FORMATS, type TokenFormat, tokenText } from "./credential/token-text.js";
export { EXIT } from "./errors/exit.js";
export type { TargetFlags } from "./runtime.js";
export { Secrets } from "./secrets.js";
export type { ContextStatus, StatusReport } from "./status/offline.js";
