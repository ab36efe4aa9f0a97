// Loaded with --import: the program then offers the version of the contract that MESHAUTH_TEST_CONTRACT names.
import { register } from "node:module";

const [major, minor] = (process.env.MESHAUTH_TEST_CONTRACT ?? "").split(".").map(Number);
const hooks = `
export async function load(url, context, next) {
  const loaded = await next(url, context);
  if (!url.endsWith("/provider-api/dist/version.js")) return loaded;
  const source = String(loaded.source).replace(/major: 1, minor: 0/, "major: ${major}, minor: ${minor}");
  return { ...loaded, source };
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
