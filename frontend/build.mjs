/**
 * Build the front end into static/dist/, with hashes in the names and a manifest for the server.
 *
 *   node frontend/build.mjs            once
 *   node frontend/build.mjs --watch    again after every change
 *   node frontend/build.mjs --tests    bundle frontend/**\/*.test.ts into static/test/ for node --test
 *
 * manifest.json maps a logical name (`driver.js`, `base.css`, `zxing_reader.wasm`, `messages-es.json`,
 * `sw-driver.js`) to `{file}`. A page's script also has `imports` (to preload) and `precache` (all its
 * app needs offline); a service worker has `release` and `precache`. Names are relative to static/dist/.
 * Beside each text file lies a .gz for the server to send.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, watch } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { Output, filesUnder, shortHash } from "./build/files.mjs";
import { messagesFor } from "./build/messages.mjs";
import { problemsOf, writeProblems } from "./build/problems.mjs";
import { websocketOnly } from "./build/websocket-only.mjs";

process.chdir(path.join(path.dirname(fileURLToPath(import.meta.url)), ".."));

const DIST = "static/dist";
const PUBLIC = "/static/dist/";
const GENERATED = "frontend/generated";
const ZXING_WASM = "node_modules/zxing-wasm/dist/reader/zxing_reader.wasm";
const PAGES = ["driver", "clerk", "customer", "custody", "console", "start"];
const WATCHED = ["frontend", "app/translations", "app/domain"];
const WATCH_PAUSE_MS = 100; // Editors write a file in several steps.

const watching = process.argv.includes("--watch");

const common = {
  bundle: true,
  write: false,
  metafile: true,
  outdir: DIST,
  publicPath: PUBLIC.slice(0, -1),
  target: ["es2022", "safari16"],
  format: "esm",
  minify: !watching,
  sourcemap: watching ? "inline" : false,
  jsx: "automatic",
  jsxImportSource: "preact",
  entryNames: "[name]-[hash]",
  chunkNames: "chunk-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".png": "file", ".svg": "file", ".webp": "file" },
  logLevel: "warning",
};

/** Write the words for problems that a device meets by itself; returns them. */
function buildProblems() {
  const local = ".venv/bin/python";
  const python = process.env.PYTHON ?? (existsSync(local) ? local : "python3");
  return writeProblems(JSON.parse(execFileSync(python, ["-c", "from app.domain.problems import as_json; print(as_json())"], { encoding: "utf8" })), GENERATED);
}

/** Add messages-<lang>.json for every translation; returns addresses by language. */
function buildMessages(output, problemTexts) {
  const files = filesUnder("frontend", /\.tsx?$/);
  const source = files.map((file) => readFileSync(file, "utf8")).join("\n");
  const problems = new Set(problemTexts);
  const isUsed = (text) => problems.has(text) || source.includes(JSON.stringify(text));
  const addresses = {};
  for (const file of filesUnder("app/translations", /LC_MESSAGES\/messages\.po$/)) {
    const language = file.split("/")[2];
    const logical = `messages-${language}.json`;
    const messages = JSON.stringify(messagesFor(file, isUsed));
    addresses[language] = PUBLIC + output.addHashed(logical, messages);
  }
  return addresses;
}

/** Bundle entry points by logical name without extension, add what came out, return the metafile. */
async function bundle(output, entries, options) {
  const entryPoints = Object.entries(entries).map(([out, file]) => ({ in: file, out }));
  if (entryPoints.length === 0) return { outputs: {} };
  const result = await esbuild.build({ ...common, entryPoints, ...options });
  const logicalBySource = new Map(Object.entries(entries).map(([name, file]) => [file, name]));
  for (const { path: absolute, contents } of result.outputFiles) {
    const facts = result.metafile.outputs[path.relative(".", absolute)];
    const file = path.basename(absolute);
    const logical = logicalBySource.get(facts.entryPoint);
    if (logical === undefined) output.files.set(file, contents);
    else output.add(logical + path.extname(file), file, contents);
  }
  return result.metafile;
}

/** Every file that `file` can load, itself included: by import, or by naming another output. */
function closure(output, file, isAllowed) {
  const found = new Set([file]);
  for (const name of found) {
    if (!/\.(js|css)$/.test(name)) continue;
    const text = Buffer.from(output.files.get(name)).toString("utf8");
    for (const other of output.files.keys()) {
      if (isAllowed(other) && text.includes(other)) found.add(other);
    }
  }
  return [...found].sort();
}

/** Note for a page what to preload and what its app needs offline. */
function describePage(output, page, metafile, styles) {
  const entry = output.manifest[`${page}.js`];
  if (entry === undefined) return;
  const foreign = new Set(PAGES.filter((name) => name !== page).map((name) => styles[name]));
  const staticImports = (file) =>
    metafile.outputs[`${DIST}/${file}`].imports
      .filter((one) => one.kind === "import-statement" && !one.external)
      .map((one) => path.basename(one.path));
  const imports = new Set(staticImports(entry.file));
  for (const file of imports) for (const next of staticImports(file)) imports.add(next);
  entry.imports = [...imports].sort();
  const needed = closure(output, entry.file, (file) => !foreign.has(PUBLIC + file));
  const sheets = ["base", page]
    .flatMap((name) => styles[name] ?? [])
    .flatMap((url) => closure(output, path.basename(url), () => true));
  entry.precache = [...new Set([...needed, ...sheets])].sort();
}

/** Name this state of everything a page is made of, templates and icons included. */
function releaseOf(output) {
  const beside = [
    ...filesUnder("templates", /\.[a-z]+$/),
    ...filesUnder("static", /\.[a-z]+$/).filter((file) => !/^static\/(dist|test)\//.test(file)),
    ...filesUnder("app/translations", /\.po$/),
  ];
  const names = [...output.files.keys()].sort();
  return shortHash(...names, ...beside.flatMap((file) => [file, readFileSync(file)]));
}

async function build() {
  const started = performance.now();
  const output = new Output();
  const problemTexts = buildProblems();
  const messages = buildMessages(output, problemTexts);
  const wasm = readFileSync(ZXING_WASM);
  const define = {
    ZXING_WASM_URL: JSON.stringify(PUBLIC + output.addHashed("zxing_reader.wasm", wasm)),
    MESSAGES_URLS: JSON.stringify(messages),
  };
  const named = (files) => Object.fromEntries(files.map((file) => [path.parse(file).name, file]));
  const addresses = (entries, extension) =>
    Object.fromEntries(
      Object.keys(entries).map((name) => [name, PUBLIC + output.manifest[name + extension].file]),
    );

  const sheets = named(filesUnder("frontend/css", /^frontend\/css\/[^/]+\.css$/));
  await bundle(output, sheets, {});
  const styles = addresses(sheets, ".css");

  const workers = named(filesUnder("frontend/lib", /\.worker\.ts$/));
  await bundle(output, workers, { define });
  // One constant per name, so that a bundle only names (and its app only keeps) what it uses.
  const constants = (object, urls) =>
    Object.fromEntries(
      Object.entries(urls).map(([name, url]) => [
        `${object}.${name.replace(/\.worker$/, "")}`,
        JSON.stringify(url),
      ]),
    );
  Object.assign(define, constants("WORKER_URLS", addresses(workers, ".js")));
  Object.assign(define, constants("STYLE_URLS", styles));

  // Each page by itself: nobody uses two of them, and what only one needs stays out of the others.
  for (const page of PAGES) {
    const entries = Object.fromEntries(filesUnder(`frontend/${page}`, /\/main\.tsx?$/).map((file) => [page, file]));
    const plugins = [websocketOnly, problemsOf(page)];
    describePage(output, page, await bundle(output, entries, { define, splitting: true, plugins }), styles);
  }

  // Shops name it in their pages, so its address never changes.
  const foreign = { entryNames: "[name]", format: "iife" };
  await bundle(output, { promise: "frontend/promise/main.ts" }, foreign);

  const release = releaseOf(output);
  for (const file of filesUnder("frontend/sw", /^frontend\/sw\/(driver|clerk)\.ts$/)) {
    const audience = path.parse(file).name;
    const precache = output.manifest[`${audience}.js`]?.precache ?? [];
    const known = {
      ...define,
      RELEASE: JSON.stringify(release),
      PRECACHE: JSON.stringify(precache.map((name) => PUBLIC + name)),
    };
    const options = { define: known, format: "iife", entryNames: "[name]" };
    await bundle(output, { [`sw-${audience}`]: file }, options);
    Object.assign(output.manifest[`sw-${audience}.js`], { release, precache });
  }
  output.write(DIST);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`front end ${release}: ${output.files.size} files in ${seconds} s`);
}

/** Bundle the tests for Node; packages stay outside, so that Node resolves them as it would anywhere. */
async function buildTests() {
  buildProblems();
  rmSync("static/test", { recursive: true, force: true });
  await esbuild.build({
    ...common,
    entryPoints: filesUnder("frontend", /\.test\.tsx?$/),
    outdir: "static/test",
    outbase: "frontend",
    entryNames: "[dir]/[name]",
    write: true,
    metafile: false,
    minify: false,
    sourcemap: "inline",
    platform: "node",
    target: "node20",
    packages: "external",
    define: {
      RELEASE: '"test"',
      PRECACHE: "[]",
      ZXING_WASM_URL: JSON.stringify(path.resolve(ZXING_WASM)),
      MESSAGES_URLS: "{}",
    },
  });
}

function watchAndBuild() {
  let timer;
  const again = () => build().catch((error) => console.error(error.message));
  for (const folder of WATCHED.filter(existsSync)) {
    watch(folder, { recursive: true }, (_event, file) => {
      if (/generated|~$|\.part$/.test(file ?? "")) return;
      clearTimeout(timer);
      timer = setTimeout(again, WATCH_PAUSE_MS);
    });
  }
  return again();
}

if (process.argv.includes("--tests")) await buildTests();
else if (watching) await watchAndBuild();
else await build();
