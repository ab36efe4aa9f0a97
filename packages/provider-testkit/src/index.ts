export type { ConformanceCase, ConformanceReport } from "@meshauth/core";
export { CONFORMANCE_FILES, type ConformanceSource } from "./conformance-file.js";
export * from "./definition.js";
export { type RunOptions, runConformance } from "./run-conformance.js";
export type { SubjectOptions } from "./subject.js";
