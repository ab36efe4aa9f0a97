/** Nothing of the real user's environment but what a process needs to run at all. */
export function environment(home: string): NodeJS.ProcessEnv {
  const kept = ["PATH", "Path", "SystemRoot", "SYSTEMROOT", "LD_LIBRARY_PATH", "NODE_EXTRA_CA_CERTS"];
  const folders = {
    HOME: home,
    USERPROFILE: home,
    TMPDIR: home,
    TEMP: home,
    TMP: home,
    XDG_CONFIG_HOME: home,
  };
  return {
    ...Object.fromEntries(kept.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []))),
    ...folders,
  };
}
