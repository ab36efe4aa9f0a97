export { createFetch, type FetchOptions, type HostFetch } from "./fetch.js";
export { checkUrl, inspectUrl, isLoopback, type UrlRules, type UrlVerdict } from "./url.js";
