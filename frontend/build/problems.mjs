/** Gives each page the words of those problems only that its sources name; all of them are a third of a small app. */
import { readFileSync } from "node:fs";
import { filesUnder } from "./files.mjs";

/** What every page may draw on. */
const SHARED = ["frontend/lib", "frontend/scan"];
/** Stands for any code that nobody has words for. */
const LAST_RESORT = "server_error";

/** An esbuild plugin for the bundle of one page, such as `driver`. */
export function problemsOf(page) {
  const files = [...SHARED, `frontend/${page}`].flatMap((folder) => filesUnder(folder, /(?<!\.test)\.tsx?$/));
  const source = files.map((file) => readFileSync(file, "utf8")).join("\n");
  const isNamed = ([code]) => code === LAST_RESORT || source.includes(`"${code}"`);
  const words = ({ status, title, detail, next_step }) => ({ status, title, detail, next_step });
  return {
    name: "problems-of-page",
    setup(build) {
      build.onLoad({ filter: /\/generated\/problems(-at-hand)?\.json$/ }, ({ path }) => {
        const named = Object.entries(JSON.parse(readFileSync(path, "utf8"))).filter(isNamed);
        const contents = JSON.stringify(Object.fromEntries(named.map(([code, problem]) => [code, words(problem)])));
        return { contents, loader: "json" };
      });
    },
  };
}
