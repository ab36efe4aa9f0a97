export * from "./auth-json.js";
export { type EnvelopeParts, encodeEnvelope } from "./envelope.js";
export * from "./inspect.js";
export * from "./json.js";
export { isJsonError, JsonError, type JsonValue } from "./json-value.js";
export * from "./server-name.js";
export { showKey } from "./text.js";
export * from "./time.js";
export * from "./token.js";
