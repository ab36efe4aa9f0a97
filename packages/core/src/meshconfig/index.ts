export {
  addTokenEntry,
  planTokenEntry,
  setContextProvider,
  setCurrentContext,
  type TokenEntryPlan,
} from "./changes.js";
export { inspectMeshconfig, resolveMeshconfig } from "./resolve.js";
export type {
  MeshContext,
  Meshconfig,
  MeshconfigInput,
  MeshconfigProblem,
  TokenLocation,
} from "./types.js";
