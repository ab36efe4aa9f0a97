export { isStoreError, StoreError, type StoreErrorCode, type StoreErrorOptions } from "./error.js";
export type { LockOptions } from "./lock/lock.js";
export { AuthStore, type AuthStoreOptions } from "./store.js";
export { syncFolder } from "./sync-folder.js";
export type { SystemFacts } from "./system.js";
export type { Commit, CommitOptions, CommitResult, CredentialState, Details, StoreWarning } from "./types.js";
export { type Lock, type WithLockOptions, withLock } from "./with-lock.js";
