export { assembleRegistry, buildRegistry } from "./build.js";
export { findProvider, findUnusable, nearestProvider } from "./find.js";
export { importProvider } from "./import.js";
export { inspectPackage, inspectPackages, type PackageReport } from "./inspect.js";
export { isJsonObject, type JsonObject, member, readJsonObject, readJsonObjectSync } from "./json-file.js";
export { resembles } from "./likeness.js";
export { nextFor, PACKAGE_NAME } from "./refusal.js";
export type {
  Candidate,
  InstalledProvider,
  Origin,
  PluginProblem,
  Registry,
  RegistryOptions,
} from "./types.js";
