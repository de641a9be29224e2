/** Our verdict on whole configurations against the one that Talos' own validator gave. */
import { judged, type MeasuredRelease, refused, releases, roles, verdicts } from "./verdicts";

/** What is reached, in cases of {@link verdicts}; never to be lowered. The goal is 99.5 % of them. */
const floors: Readonly<Record<MeasuredRelease, number>> = {
  "1.11.6": 648,
  "1.12.11": 646,
  "1.13.9": 646,
  "1.14.0-rc.1": 645,
};

/** Cases that Talos accepts and we refuse; the goal is at most one per release. */
const wronglyRefused: Readonly<Record<MeasuredRelease, number>> = {
  "1.11.6": 1,
  "1.12.11": 1,
  "1.13.9": 1,
  "1.14.0-rc.1": 1,
};

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

test.each(results)("$release $role: as Talos says", ({ release, same, refusedByUs }) => {
  expect(same).toBeGreaterThanOrEqual(floors[release]);
  expect(refusedByUs.length <= wronglyRefused[release] ? [] : refusedByUs).toEqual([]);
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
