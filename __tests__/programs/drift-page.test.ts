/** The page of a drift run in a real browser, as wide as a phone and as a screen. */
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import { inflateSync } from "node:zlib";
import type { DriftResult, StackResult } from "../../analysis/drift-result";
import { driftHtml } from "../../cli/drift-html";
import { everyClass } from "../cli/support/drift-result";
import { printed, withFiles } from "./support/programs";

const long = "a-stack-with-a-name-that-is-much-longer-than-any-phone-is-wide-and-has-no-space-in-it".repeat(2);

/** As bad as it gets: names without a space, and many stacks. */
function crowded(): DriftResult {
  const { stacks, ...rest } = everyClass();
  const [drifted, ...others] = stacks;
  const more = Array.from({ length: 126 }, (_, index) => `infra/stacks/stack-${index}`);
  const like = (name: string): StackResult[] => (drifted === undefined ? [] : [{ ...drifted, name }]);
  const findings = drifted?.findings.map((one) => ({ ...one, address: `module.${long}.${one.address}` })) ?? [];
  return { ...rest, stacks: [...like(long).map((one) => ({ ...one, findings })), ...others, ...more.flatMap(like)] };
}

/** What the browser says of the page in a frame of a width. */
interface Seen {
  readonly width: number;
  /** How wide the content is. */
  readonly content: number;
  /** Texts that are cut off, outside, or without any extent. */
  readonly hidden: readonly string[];
  readonly texts: number;
}

describe.each([390, 1280])("at a width of %i", (width) => {
  test("nothing is cut off and nothing scrolls sideways", () => {
    const seen = look(crowded(), width);
    expect(seen).toEqual({ width, content: width, hidden: [], texts: expect.any(Number) });
    expect(seen.texts).toBeGreaterThan(126);
  });

  test("something is drawn", () => {
    withFiles({ "page.html": driftHtml(everyClass()) }, (folder) => {
      const shot = path.join(folder, "shot.png");
      const page = pathToFileURL(path.join(folder, "page.html")).href;
      chromium(folder, [`--screenshot=${shot}`, `--window-size=${width},900`, page]);
      const { size, shades } = drawn(readFileSync(shot));
      expect(size).toEqual([width, 900]);
      // Text has soft edges, classes have colours; an empty page has one shade.
      expect(shades).toBeGreaterThan(16);
    });
  });
});

function look(result: DriftResult, width: number): Seen {
  const frame = `<iframe src="page.html" style="border:0;width:${width}px;height:4000px"></iframe>`;
  const script = `onload = () => {
    const page = document.querySelector("iframe").contentDocument;
    const root = page.scrollingElement;
    const walker = page.createTreeWalker(page.querySelector("main"), 4);
    const hidden = [];
    let texts = 0;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const { display } = page.defaultView.getComputedStyle(node.parentElement);
      const inShown = node.parentElement.getClientRects().length > 0;
      if (node.data.trim() === "" || display === "none" || !inShown) continue;
      texts++;
      const range = page.createRange();
      range.selectNode(node);
      const { left, right, width, height } = range.getBoundingClientRect();
      if (width < 1 || height < 1 || left < 0 || right > root.clientWidth + 0.5) hidden.push(node.data);
    }
    const seen = { width: root.clientWidth, content: root.scrollWidth, hidden, texts };
    document.body.textContent = JSON.stringify(seen);
  };`;
  const files = { "page.html": driftHtml(result), "look.html": `<body>${frame}<script>${script}</script>` };
  return withFiles(files, (folder) => {
    const dom = chromium(folder, [
      "--allow-file-access-from-files",
      "--dump-dom",
      "--window-size=1400,4200",
      pathToFileURL(path.join(folder, "look.html")).href,
    ]);
    const [, json = ""] = /<body>(\{.*\})<\/body>/s.exec(dom) ?? [];
    return JSON.parse(json.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&"));
  });
}

/** Runs Chromium without anything that needs a desktop or a network. */
function chromium(folder: string, args: readonly string[]): string {
  const quiet = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"];
  const offline = ["--disable-background-networking", "--no-first-run", "--proxy-server=127.0.0.1:9"];
  return printed("chromium", [...quiet, ...offline, `--user-data-dir=${path.join(folder, "profile")}`, ...args]);
}

/** The size of a picture, and how many shades are in it. */
function drawn(png: Buffer): { readonly size: readonly number[]; readonly shades: number } {
  const data: Buffer[] = [];
  for (let at = 8; at < png.length; at += png.readUInt32BE(at) + 12) {
    if (png.toString("latin1", at + 4, at + 8) === "IDAT")
      data.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  return { size: [png.readUInt32BE(16), png.readUInt32BE(20)], shades: new Set(inflateSync(Buffer.concat(data))).size };
}
