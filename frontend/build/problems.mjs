/** Gives each page the words of those problems only that its sources name; all of them are a third of a small app. */
import { readFileSync } from "node:fs";
import { filesUnder, replaceFile } from "./files.mjs";

/** What every page may draw on. */
const SHARED = ["frontend/lib", "frontend/scan"];
/** Stands for any code that nobody has words for. */
const LAST_RESORT = "server_error";
/** A next step that is a word with the dispatcher. The words are the catalogue's own, so that the two cannot differ. */
const CALLS = /\bcalls?\b.*\bdispatcher\b|\bdispatcher\b.*\bcalls?\b/i;

/**
 * Write what the apps know of the server's catalogue of refusals, so that they use the server's words. Returns the texts.
 *
 * Beside the words it is the codes below which an app shows the dispatcher's number.
 */
export function writeProblems(catalogue, folder) {
  const all = Object.entries(catalogue);
  const onDevice = all.filter(([, problem]) => problem.on_device);
  const calling = all.filter(([, problem]) => CALLS.test(problem.next_step)).map(([code]) => code);
  writeWords(`${folder}/problems.json`, onDevice.filter(([, problem]) => !problem.desk_only && !problem.at_hand));
  writeWords(`${folder}/problems-at-hand.json`, onDevice.filter(([, problem]) => problem.at_hand));
  writeWords(`${folder}/problems-desk.json`, onDevice.filter(([, problem]) => problem.desk_only));
  replaceFile(`${folder}/calls-dispatcher.json`, `${JSON.stringify(calling)}\n`);
  return onDevice.flatMap(([, problem]) => [problem.title, problem.detail, problem.next_step]);
}

function writeWords(file, entries) {
  const named = entries.map(([code, problem]) => [code, words(problem)]);
  replaceFile(file, `${JSON.stringify(Object.fromEntries(named), null, 1)}\n`);
}

function words({ status, title, detail, next_step }) {
  return { status, title, detail, next_step };
}

/** An esbuild plugin for the bundle of one page, such as `driver`. */
export function problemsOf(page) {
  const files = [...SHARED, `frontend/${page}`].flatMap((folder) => filesUnder(folder, /(?<!\.test)\.tsx?$/));
  const source = files.map((file) => readFileSync(file, "utf8")).join("\n");
  const isNamed = ([code]) => code === LAST_RESORT || source.includes(`"${code}"`);
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
