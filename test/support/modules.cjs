// Preloaded: at its end the process writes down which modules it has loaded, to the file that MODULES_FILE names.
const { writeFileSync } = require("node:fs");

process.on("exit", () => {
  const own = process.moduleLoadList.map((entry) => entry.replace(/^NativeModule /, ""));
  const files = Object.keys(require.cache).filter((file) => file !== __filename);
  writeFileSync(process.env.MODULES_FILE, JSON.stringify({ own, files }));
});
