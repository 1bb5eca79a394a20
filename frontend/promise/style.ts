/** The badge's own look: a sheet made by script, which a strict policy of the shop lets through. */

const RULES = `
:host { display: block; }
p { margin: 0; }
p[hidden] { display: none; }
.mallrun-words { line-height: 1.4; }
.mallrun-act {
  display: inline-block; box-sizing: border-box; min-height: 44px; margin-top: .5em; padding: .65em 1.1em;
  border: 0; border-radius: 8px; background: #0b5c3f; color: #fff; cursor: pointer;
  font: inherit; font-weight: 600; line-height: 1.2; text-decoration: none;
}
.mallrun-act:hover { background: #08452f; }
.mallrun-act:focus-visible { outline: 3px solid #d97706; outline-offset: 2px; }
@media (forced-colors: active) { .mallrun-act { border: 1px solid; } }
`;

let sheet: CSSStyleSheet | undefined;

/** The one sheet of all badges; undefined where the browser cannot make one. */
export function newSheet(): CSSStyleSheet | undefined {
  if (sheet !== undefined || !("adoptedStyleSheets" in document)) return sheet;
  sheet = new CSSStyleSheet();
  sheet.replaceSync(RULES);
  return sheet;
}
