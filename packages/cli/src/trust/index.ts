export { type Admission, createAdmission } from "./admission.js";
export type { Person } from "./first-use.js";
export { readTrust, trustPath } from "./trust-file.js";
