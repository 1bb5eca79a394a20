/** What one build has made so far: files in memory, written only when all of them are there. */
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";

const COMPRESSIBLE = /\.(js|css|json|svg|wasm)$/;

/** Paths under `folder` that match `pattern`, sorted, with `/` between parts; [] when it is missing. */
export function filesUnder(folder, pattern) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .map((name) => path.join(folder, name).split(path.sep).join("/"))
    .filter((name) => pattern.test(name))
    .sort();
}

/** Ten hex digits over texts or bytes: enough to tell builds apart, short enough to read aloud. */
export function shortHash(...parts) {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex").slice(0, 10);
}

export class Output {
  /** @type {Map<string, Uint8Array>} Contents by file name. */
  files = new Map();
  /** @type {Record<string, object>} What the server reads as manifest.json. */
  manifest = {};

  /** Keep a file under the name it has and list it in the manifest as `logical`. */
  add(logical, file, contents, facts = {}) {
    this.files.set(file, Buffer.from(contents));
    this.manifest[logical] = { file, ...facts };
    return file;
  }

  /** Keep a file under `name-<hash>.ext`; returns the file name. */
  addHashed(logical, contents) {
    const { name, ext } = path.parse(logical);
    return this.add(logical, `${name}-${shortHash(contents)}${ext}`, contents);
  }

  /**
   * Write everything into `folder`, the manifest last, then remove what no longer belongs there.
   *
   * A server that reads in the meantime sees the old manifest with the old files.
   */
  write(folder) {
    mkdirSync(folder, { recursive: true });
    const names = new Set(["manifest.json"]);
    for (const [name, contents] of this.files) {
      names.add(name);
      replaceFile(path.join(folder, name), contents);
      if (COMPRESSIBLE.test(name)) {
        names.add(`${name}.gz`);
        replaceFile(path.join(folder, `${name}.gz`), gzipSync(contents, { level: 9 }));
      }
    }
    replaceFile(path.join(folder, "manifest.json"), `${JSON.stringify(this.manifest, null, 1)}\n`);
    for (const name of readdirSync(folder)) {
      if (!names.has(name)) rmSync(path.join(folder, name), { recursive: true });
    }
  }
}

/** Write by renaming, and leave an equal file alone so that its time does not change. */
export function replaceFile(file, contents) {
  if (existsSync(file) && readFileSync(file).equals(Buffer.from(contents))) return;
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(`${file}.part`, contents);
  renameSync(`${file}.part`, file);
}
