export type { Commit, CommitOptions, CommitResult, Decide, Turn } from "./commit.js";
export { isStoreError, StoreError, type StoreErrorCode, type StoreErrorOptions } from "./error.js";
export { checkRoot } from "./folder.js";
export type { LockOptions } from "./lock/lock.js";
export { AuthStore, type AuthStoreOptions } from "./store.js";
export type { SystemFacts } from "./system.js";
export type { CredentialState, Details, Look, Previous, StoreWarning } from "./types.js";
export { type Lock, type WithLockOptions, withLock } from "./with-lock.js";
export { syncFolder } from "./write/sync-folder.js";
