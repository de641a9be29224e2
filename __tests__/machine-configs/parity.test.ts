/** Our verdict on whole configurations against the one that Talos' own validator gave. */
import { judged, refused, releases, roles, verdicts } from "./verdicts";

/** The cases that are judged as by Talos: all of them. Not to be lowered below 99.5 %, which is the goal. */
const floor = verdicts.length;

/** Cases that Talos accepts and we refuse. Not to be raised above one, which is the goal. */
const wronglyRefused = 0;

const measured = releases.flatMap((release) => roles.map((role) => ({ release, role })));

const results = measured.map(({ release, role }) => {
  const cases = verdicts.map((one) => {
    const ours = refused(judged(one, release, role));
    return { name: one.case, accepts: one.verdict[release][role] === "ok", ours };
  });
  return {
    release,
    role,
    same: cases.filter(({ accepts, ours }) => accepts !== ours).length,
    refusedByUs: cases.filter(({ accepts, ours }) => accepts && ours).map(({ name }) => name),
    acceptedByUs: cases.filter(({ accepts, ours }) => !accepts && !ours).map(({ name }) => name),
  };
});

test.each(results)("$release $role: as Talos says", ({ same, refusedByUs }) => {
  expect(same).toBeGreaterThanOrEqual(floor);
  expect(refusedByUs.slice(wronglyRefused)).toEqual([]);
});

afterAll(() => {
  const lines = results.map(({ release, role, same, refusedByUs, acceptedByUs }) => {
    const share = ((100 * same) / verdicts.length).toFixed(2);
    const differing = [
      ...refusedByUs.map((name) => `refused ${name}`),
      ...acceptedByUs.map((name) => `accepted ${name}`),
    ];
    return [`${release} ${role}: ${same} of ${verdicts.length} (${share} %)`, ...differing].join("\n  ");
  });
  process.stdout.write(`\nParity with Talos' validator\n${lines.join("\n")}\n`);
});
