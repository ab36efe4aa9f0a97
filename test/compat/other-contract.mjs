// Loaded with --import: the program then offers the version of the contract that MESHAUTH_TEST_CONTRACT names.
import * as module from "node:module";

const [major, minor] = (process.env.MESHAUTH_TEST_CONTRACT ?? "").split(".").map(Number);

function change(url, loaded) {
  if (!url.endsWith("/provider-api/dist/version.js")) return loaded;
  const source = String(loaded.source).replace(/major: 1, minor: 0/, `major: ${major}, minor: ${minor}`);
  return { ...loaded, source };
}

// What is in Node 20 is gone from later ones.
if (module.registerHooks) {
  module.registerHooks({ load: (url, context, next) => change(url, next(url, context)) });
} else {
  const hooks = `const [major, minor] = [${major}, ${minor}]; ${change}
export const load = async (url, context, next) => change(url, await next(url, context));`;
  module.register(`data:text/javascript,${encodeURIComponent(hooks)}`);
}
