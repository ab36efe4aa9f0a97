export { api, apiDocument } from "./api.js";
export { ApiError, answerOf } from "./error.js";
export type { ApiDocument, ApiInput, ApiOutput } from "./types.js";
