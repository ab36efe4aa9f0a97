export { createFetch, type HostFetch } from "./fetch.js";
export { type FetchOptions, flawOfHeader } from "./request.js";
export { secretsOfBody } from "./sensitive.js";
export { createTransfer, type HostTransfer, type Transfer, type TransferRequest } from "./transfer.js";
export { checkUrl, inspectUrl, isLoopback, type UrlRules, type UrlVerdict } from "./url.js";
