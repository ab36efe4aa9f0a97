export { isStoreError, StoreError, type StoreErrorCode, type StoreErrorOptions } from "./error.js";
export { AuthStore, type AuthStoreOptions } from "./store.js";
export type { SystemFacts } from "./system.js";
export type { Commit, CommitOptions, CommitResult, CredentialState, Details, StoreWarning } from "./types.js";
