import { type DriftClass, driftClasses } from "../analysis/drift-classes";
import {
  type AgedFinding,
  collapsed,
  countsOf,
  type DriftResult,
  isMeasured,
  type StackResult,
} from "../analysis/drift-result";
import { changesOf, outputText, sinceText } from "./drift-report";
import { ageText } from "./duration";

/** A run as one page that needs nothing else: no network, no script, and no more width than a phone has. */
export function driftHtml(result: DriftResult): string {
  const { stacks, started, ended, commit, previous, skipped, expired, removed } = result;
  const ordered = driftClasses.flatMap((one) => stacks.filter((stack) => stack.class === one));
  const told = ordered.filter((stack) => stack.class !== "clean");
  const facts: [string, string][] = [
    ["Ended", timeText(ended)],
    ["Took", ageText(Date.parse(ended) - Date.parse(started))],
    ["Measured", `${stacks.filter(isMeasured).length} of ${stacks.length} stacks`],
    ...(commit === undefined ? [] : [["Commit", commit.slice(0, 12)] as [string, string]]),
    ["Compared with", previous === undefined ? "nothing" : timeText(previous.ended)],
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${told.length === 0 ? "No drift" : `Drift: ${told.length} of ${stacks.length} stacks`}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>Terraform drift</h1>
<ul class="counts">${countsOf(result)
    .map(([one, count]) => `<li class="${cssClass(one)}${count === 0 ? " none" : ""}"><b>${count}</b> ${one}</li>`)
    .join("")}</ul>
<dl>${facts.map(([name, value]) => `<div><dt>${name}</dt><dd>${escaped(value)}</dd></div>`).join("")}</dl>
${section("Since the last run", changesHtml(result))}
${section("Stacks", stacksHtml(ordered, result))}
${section("Details", told.map((stack) => detailsHtml(stack, result)).join("\n"))}
${section("Skipped", listHtml(skipped.map(({ name, reason }) => `${strong(name)} ${escaped(reason)}`)))}
${section(
  "Rules that no longer hold",
  listHtml(expired.map(({ address, until, reason }) => `${code(address)} until ${escaped(until)}: ${escaped(reason)}`)),
)}
${section("No longer there", listHtml(removed.map(strong)))}
</main>
</body>
</html>
`;
}

function stacksHtml(stacks: readonly StackResult[], result: DriftResult): string {
  const rows = stacks.map((stack) => {
    const what = [
      ...(stack.reason === undefined ? [] : [escaped(stack.reason)]),
      ...collapsed(stack.findings.map(({ address }) => address)).map(code),
      ...stack.outputs.map((name) => escaped(outputText(name))),
    ];
    return `<tr class="${cssClass(stack.class)}">
<th scope="row">${escaped(stack.name)}</th>
<td data-name="Class"><span class="class">${stack.class}</span></td>
<td data-name="Since"><span>${age(stack.since, result)}</span></td>
<td data-name="What"><span>${what.join("<br>") || "–"}</span></td>
<td data-name="Plan"><span>${stack.seconds === undefined ? "–" : `${stack.seconds.toFixed(1)} s`}</span></td>
</tr>`;
  });
  const head = ["Stack", "Class", "Since", "What", "Plan"].map((name) => `<th scope="col">${name}</th>`).join("");
  return `<table><thead><tr>${head}</tr></thead><tbody>${rows.join("\n")}</tbody></table>`;
}

function detailsHtml(stack: StackResult, result: DriftResult): string {
  const { name, findings, ignored, confirmed, measured } = stack;
  const lines = findings.map((finding) => {
    const { kind, address, attributes, firstSeen } = finding;
    const where = attributes.length === 0 ? "" : ` (${attributes.map(code).join(", ")})`;
    return `${code(address)} ${kind}: ${actionText(finding)}${where}, ${age(firstSeen, result)}`;
  });
  const passed = ignored.map(
    ({ address, attributes, reason, until }) =>
      `${code(address)} ${attributes.map(code).join(", ")} ignored until ${escaped(until)}: ${escaped(reason)}`,
  );
  const notes = [
    ...(isMeasured(stack) && !confirmed ? ["Seen once: it was not planned a second time."] : []),
    ...(!isMeasured(stack) && findings.length > 0
      ? [`As last known, on ${measured === undefined ? "an earlier day" : timeText(measured)}.`]
      : []),
  ];
  if (lines.length + passed.length + notes.length === 0) {
    return "";
  }
  const head = `<summary>${escaped(name)} <span class="class ${cssClass(stack.class)}">${stack.class}</span></summary>`;
  return `<details open>${head}${notes.map((note) => `<p>${note}</p>`).join("")}${listHtml([...lines, ...passed])}</details>`;
}

function changesHtml(result: DriftResult): string {
  if (result.previous === undefined) {
    return "";
  }
  const { news, gone, turned } = changesOf(result);
  const lines = [
    ...turned.map((stack) => `${strong(stack.name)} ${stack.before} → ${stack.class}`),
    ...news.map(({ stack, addresses }) => `${strong(stack)} new: ${collapsed(addresses).map(code).join(", ")}`),
    ...gone.map(({ stack, addresses }) => `${strong(stack)} gone: ${collapsed(addresses).map(code).join(", ")}`),
  ];
  return lines.length === 0 ? "<p>Nothing has changed.</p>" : listHtml(lines);
}

function section(title: string, content: string): string {
  return content.trim() === "" ? "" : `<section><h2>${title}</h2>${content}</section>`;
}

function listHtml(items: readonly string[]): string {
  return items.length === 0 ? "" : `<ul>${items.map((item) => `<li>${item}</li>`).join("\n")}</ul>`;
}

function actionText({ kind, action }: AgedFinding): string {
  if (action === "check") {
    return "fails";
  }
  const done = action === "forget" ? "forgotten" : `${action.replace(/e$/, "")}ed`;
  return kind === "silent drift" ? `was ${done}` : `would be ${done}`;
}

function age(since: string, result: DriftResult): string {
  return `<time datetime="${escaped(since)}">${sinceText(since, result)}</time>`;
}

function timeText(time: string): string {
  return `${time.slice(0, 10)} ${time.slice(11, 16)} UTC`;
}

function strong(text: string): string {
  return `<b>${escaped(text)}</b>`;
}

function code(text: string): string {
  return `<code>${escaped(text)}</code>`;
}

function cssClass(of: DriftClass): string {
  return of.replaceAll(" ", "-");
}

function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);
}

/** Below 40rem a row of the table is a card, and its cells have the names of their columns before them. */
const style = `
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent); --c: gray; }
* { box-sizing: border-box; }
body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 72rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; margin: 0 0 .75rem; }
h2 { font-size: 1.15rem; margin: 1.75rem 0 .5rem; }
code { font: .875em ui-monospace, monospace; }
code, th, dd, li, p, summary, td { overflow-wrap: anywhere; }
ul { padding-left: 1.2rem; margin: .5rem 0; }
dl { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; margin: .75rem 0; }
dt, dd { display: inline; margin: 0; }
dt { opacity: .7; margin-right: .4rem; }
.counts { display: flex; flex-wrap: wrap; gap: .5rem; list-style: none; padding: 0; }
.counts li, .class { border-left: .3rem solid var(--c); padding: 0 .5rem; }
.counts li { border: 1px solid var(--line); border-left: .3rem solid var(--c); border-radius: .3rem; }
.counts .none { opacity: .5; }
.error { --c: #b3261e; } .not-measured { --c: #7a5af8; } .drift { --c: #d9480f; } .pending-apply { --c: #1c7ed6; }
.silent-drift { --c: #b58900; } .output-only { --c: #868e96; } .clean { --c: #2f9e44; }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid var(--line); }
thead th { font-weight: 600; opacity: .7; white-space: nowrap; }
td:nth-child(4) { width: 45%; }
td:nth-child(2), td:nth-child(3), td:nth-child(5) { white-space: nowrap; }
details { border-bottom: 1px solid var(--line); padding: .4rem 0; }
summary { cursor: pointer; font-weight: 600; }
summary .class { font-weight: 400; }
@media (max-width: 40rem) {
  thead { display: none; }
  table, tbody, tr, th, td { display: block; }
  tr { border: 1px solid var(--line); border-left: .3rem solid var(--c); border-radius: .3rem; margin: .5rem 0; padding: .4rem .6rem; }
  th, td { border: 0; padding: 0; }
  td { display: grid; grid-template-columns: 4.5rem 1fr; }
  td::before { content: attr(data-name); opacity: .7; }
  td .class { border: 0; padding: 0; }
  td:nth-child(4) { width: auto; }
  .clean td:nth-child(3), .clean td:nth-child(4) { display: none; }
}
`;
