export * from "./credential.js";
export * from "./error.js";
export * from "./host.js";
export * from "./manifest.js";
export * from "./provider.js";
export * from "./server-provider.js";
export * from "./text.js";
export * from "./version.js";
