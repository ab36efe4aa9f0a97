export { type CompleteInput, completeLogin, providerOfTicket } from "./complete.js";
export { type FirstWord, keepLogin, type Starter } from "./keep.js";
export { type Keeper, keeperFailed, type LaunchKeeper, type StartReport, startLogin } from "./start.js";
