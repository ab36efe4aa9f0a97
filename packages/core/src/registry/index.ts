export { assembleRegistry, buildRegistry } from "./build.js";
export { findProvider, nearestProvider } from "./find.js";
export { broken, type ImportOptions, importProvider } from "./import.js";
export { inspectPackage, type PackageReport } from "./inspect.js";
export { isJsonObject, JSON_LIMIT, type JsonObject, member, readJsonObject } from "./json-file.js";
export { nextFor, PACKAGE_NAME, type Remedy } from "./refusal.js";
export { RESERVED_OPTIONS } from "./reserved.js";
export type {
  Candidate,
  InstalledProvider,
  Origin,
  PluginProblem,
  Registry,
  RegistryOptions,
} from "./types.js";
