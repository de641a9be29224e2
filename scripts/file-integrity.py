#!/usr/bin/env python3
"""Watches the files of a node with AIDE, and says what it found: a line of JSON for each path, and metrics.

usage: file-integrity.py check|watch SETTINGS

check  checks once, and ends with the state: 0 clean, 1 drift, 2 error, 3 baseline missing, 4 held off,
       5 baseline foreign. (64 when it is used wrongly.)
watch  checks at the times of the settings, for ever, and an hour after a check that was an error; at once where it never
       did, or watched something else.

A baseline is a database of AIDE that a person approved: its fingerprint is in a file that the node cannot write. The
program never makes a database the baseline by itself. Every check leaves the database of what is there now, whose
differences to the baseline are those that it reported, so that approving its fingerprint is approving those.

The environment has NODE_NAME; `aide` is on the PATH. SETTINGS is a JSON file:

configuration    AIDE's configuration: what is watched
prefix           where the node's files are mounted, as in the configuration
trees            directories of the node that are watched with all that is below them
state            folder on the node for databases and the last result
approved         folder with a file for each node: the fingerprint of its baseline; and, as long as a person holds checks
                 off, with the file hold_off_until: 2026-11-21T12:00:00Z
metrics          {"textfile": folder} or {"pushgateway": URL}
minimumEntries   a database with fewer entries has not seen the node
expectedPaths    paths without which a database has not seen the node
pollSeconds      how often the program looks whether there is something to do
checkAt          times of the day, in UTC: ["03:30"]
spreadSeconds    checks begin up to that much later, each node at a moment of its own
patchWindows     when files are meant to change: [{"day": 0 to 6 for Sunday to Saturday, or null for every day,
                 "from": "02:00", "until": "04:00"}]. No check begins in one, and one begins when it ends.
longestHoldOffSeconds  a person may hold checks off for so long at a time; what ends later counts for nothing
"""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from datetime import datetime, timedelta, timezone

STATES = ["clean", "drift", "error", "baseline_missing", "held_off", "baseline_foreign"]
PUBLISH_SECONDS = 300
RETRY_SECONDS = 3600
MOST_WARNINGS = 20


class NotMeasured(Exception):
    """A run of AIDE says nothing about the node. The text says why."""


class Ended(Exception):
    """A signal ended the program."""


# --- Databases ---------------------------------------------------------------------------------------------------


class Database:
    """What is to be known of a database of AIDE."""

    def __init__(self, path):
        digest = hashlib.sha256()
        self.paths = set()
        self.made_by = []
        self.complete = False
        inode = None
        with open(path, "rb") as lines:
            for line in lines:
                line = line.rstrip(b"\n")
                self.complete = line == b"@@end_db"
                if line.startswith(b"# Time of generation"):
                    continue
                fields = line.split(b" ")
                if line.startswith(b"@@db_spec"):
                    # The header has one word more than the rows.
                    inode = fields.index(b"inode") - 1 if b"inode" in fields else None
                elif line.startswith(b"#"):
                    # Release of AIDE and hash of its configuration, which is named before.
                    self.made_by.append(line)
                elif line.startswith(b"/"):
                    self.paths.add(urllib.parse.unquote_to_bytes(fields[0]).decode(errors="replace"))
                    if inode is not None:
                        # AIDE writes it whether or not it is compared; a file that was put back has another one.
                        del fields[inode]
                digest.update(b" ".join(fields) + b"\n")
        self.fingerprint = digest.hexdigest()


def database_at(path):
    return Database(path) if os.path.exists(path) else None


def inspected(path, settings):
    """The database that AIDE wrote, unless it has not seen the node: AIDE itself takes an empty one for a good one."""
    database = Database(path)
    if not database.complete:
        raise NotMeasured("the database is not complete")
    if len(database.paths) < settings["minimumEntries"]:
        raise NotMeasured(
            f"the database has {len(database.paths)} entries, fewer than {settings['minimumEntries']}:"
            " what is watched is not mounted, or the prefix is wrong"
        )
    missing = [path for path in settings["expectedPaths"] if path not in database.paths]
    if missing:
        raise NotMeasured(f"the database does not have {', '.join(missing)}")
    return database


def judged(baseline, approved):
    """What is to be said of a baseline before anything is compared with it: state and reason, if anything."""
    if baseline is None:
        known = "nobody approved one" if approved is None else f"the approved one is gone, {approved}"
        return "baseline_missing", f"there is no baseline: {known}"
    if approved is None:
        return "baseline_foreign", "nobody approved the baseline"
    if baseline.fingerprint != approved:
        return "baseline_foreign", f"the baseline is not the approved one, {approved}"
    return None, None


def compared(run, baseline):
    """What is to be said of a run that compared the node with its approved baseline: state and reason."""
    if run.database.made_by != baseline.made_by:
        return "baseline_foreign", "the baseline was made with another configuration or release of AIDE"
    if run.findings:
        return "drift", None
    if run.warnings or run.mismatches:
        return "error", f"{len(run.warnings)} warnings, {run.mismatches} paths that could not be compared"
    return "clean", None


# --- AIDE --------------------------------------------------------------------------------------------------------


class Run:
    """What a run of AIDE found."""

    def __init__(self, database, findings, warnings, mismatches):
        self.database = database
        self.findings = findings
        self.warnings = warnings
        self.mismatches = mismatches


def configured(settings):
    """A hash of what is watched."""
    with open(settings["configuration"], "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def run_aide(command, settings, baseline, target, while_waiting):
    """Runs `aide --init` or `aide --update`, both of which write what is there now to `target`."""
    options = [
        f"database_in=file:{baseline}",
        f"database_out=file:{target}",
        "report_format=json",
        "report_url=stdout",
        f"config_version={configured(settings)}",
    ]
    arguments = ["aide", command, f"--config={settings['configuration']}", "--before=" + "\n".join(options)]
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    report_text, errors = output_of(process, settings, while_waiting)
    code = process.returncode
    said = [line for line in errors.decode(errors="replace").split("\n") if line.strip()]
    if code < 0 or code > 7 or (command == "--init" and code != 0):
        raise NotMeasured(f"aide {command} ended with {code}: {'; '.join(said[:3]) or 'it said nothing'}")
    try:
        report = json.loads(report_text.decode(errors="replace"))
    except ValueError as error:
        raise NotMeasured(f"the report of aide is no JSON: {error}") from None
    unseen = [f"AIDE does not see a name that is no UTF-8: {name}" for name in unseen_names(settings)]
    findings = [
        {"kind": kind, "path": path, "attributes": sorted(report.get("details", {}).get(path, {}))}
        for kind in ("added", "removed", "changed")
        for path in sorted(report.get(kind, {}))
    ]
    if (code != 0) != bool(findings):
        raise NotMeasured(f"aide {command} ended with {code} and reported {len(findings)} paths")
    return Run(inspected(target, settings), findings, said + unseen, len(report.get("different_attributes", {})))


def unseen_names(settings):
    """What AIDE 0.19 passes over without a word: none of its rules matches a name that is no UTF-8."""
    for tree in settings["trees"]:
        top = os.fsencode(settings["prefix"] + tree)
        for folder, folders, files in os.walk(top):
            for name in folders + files:
                try:
                    name.decode()
                except UnicodeDecodeError:
                    yield os.path.join(folder, name)[len(settings["prefix"]) :].decode(errors="backslashreplace")


def output_of(process, settings, while_waiting):
    """What a process writes, and what it says besides. The process does not outlive this one."""
    try:
        while True:
            try:
                return process.communicate(timeout=settings["pollSeconds"])
            except subprocess.TimeoutExpired:
                while_waiting()
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()


# --- When ----------------------------------------------------------------------------------------------------------


def minutes(text):
    hours, rest = text.split(":")
    return int(hours) * 60 + int(rest)


def windows(settings, day):
    """The patch windows that begin on a day, which is a midnight."""
    for window in settings["patchWindows"]:
        if window["day"] in (None, day.isoweekday() % 7):
            start, end = minutes(window["from"]), minutes(window["until"])
            yield (
                day + timedelta(minutes=start),
                day + timedelta(minutes=end if end > start else end + 24 * 60),
            )


def days_until(now):
    """The midnights of the last eight days: no schedule is longer than a week."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return [today - timedelta(days=back) for back in range(8, -1, -1)]


def window_end(now, settings):
    """The end of the patch window that is open, if one is."""
    ends = [end for day in days_until(now) for start, end in windows(settings, day) if start <= now < end]
    return max(ends, default=None)


def held_off_by_hand(now, settings):
    """Until when a person holds checks off: `rebaseline --hold-off` writes it. What cannot be read holds nothing off."""
    try:
        with open(os.path.join(settings["approved"], "hold_off_until"), encoding="utf-8") as file:
            until = datetime.strptime(file.read().strip(), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
    except (OSError, ValueError):
        return None
    return until if now < until <= now + timedelta(seconds=settings["longestHoldOffSeconds"]) else None


def held_off(now, settings):
    """Until when no check begins, if so."""
    ends = [end for end in (window_end(now, settings), held_off_by_hand(now, settings)) if end is not None]
    return max(ends, default=None)


def last_due(now, settings, node):
    """The last moment at which a check was to begin."""
    spread = settings["spreadSeconds"]
    late = timedelta(seconds=int(hashlib.sha256(node.encode()).hexdigest(), 16) % spread if spread > 0 else 0)
    moments = []
    for day in days_until(now):
        moments += [day + timedelta(minutes=minutes(time_of_day)) + late for time_of_day in settings["checkAt"]]
        moments += [end for _, end in windows(settings, day)]
    return max((moment for moment in moments if moment <= now), default=None)


# --- What is said --------------------------------------------------------------------------------------------------


def remove(*paths):
    for path in paths:
        if os.path.exists(path):
            os.unlink(path)


def replace_file(path, text):
    """Writes a file so that no reader sees a part of it. What is cut off half-way does not count."""
    temporary = f"{path}.tmp"
    with open(temporary, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.chmod(temporary, 0o644)
    os.replace(temporary, path)


def sample(name, value, **labels):
    # Texts of labels are names of nodes and of states, and hashes: what JSON writes of them is what Prometheus reads.
    return f"{name}{{{','.join(f'{key}={json.dumps(text)}' for key, text in labels.items())}}} {value}"


def metrics_text(node, result, now):
    """All that is known, each time: what is no longer said is no longer there."""
    groups = {
        "aide_state": (
            "Which of the states the node is in.",
            [sample("aide_state", int(result.get("state") == state), node=node, state=state) for state in STATES],
        ),
        "aide_heartbeat_timestamp_seconds": (
            "When the watcher was last alive.",
            [sample("aide_heartbeat_timestamp_seconds", int(now), node=node)],
        ),
    }
    for key, name, text in (
        ("lastCheck", "aide_last_check_timestamp_seconds", "When the last check ended, however it ended."),
        ("lastMeasured", "aide_last_measured_timestamp_seconds", "When the node was last compared with its baseline."),
        ("seconds", "aide_check_duration_seconds", "How long the last check took."),
        ("driftSince", "aide_drift_since_timestamp_seconds", "Since when there are findings; 0 without."),
        ("entries", "aide_entries", "Files and directories that the last check saw."),
        ("warnings", "aide_read_warnings", "What the last check could not read."),
        ("mismatches", "aide_attribute_mismatches", "Entries of which the baseline does not know all attributes."),
    ):
        if result.get(key) is not None:
            groups[name] = (text, [sample(name, result[key], node=node)])
    if result.get("findings") is not None:
        groups["aide_findings"] = (
            "Paths that differ from the baseline.",
            [sample("aide_findings", count, node=node, kind=kind) for kind, count in result["findings"].items()],
        )
    if result.get("baseline") is not None and result["baseline"] == result.get("approved"):
        groups["aide_baseline_info"] = (
            "The fingerprint of the approved baseline.",
            [sample("aide_baseline_info", 1, node=node, fingerprint=result["baseline"])],
        )
        groups["aide_baseline_timestamp_seconds"] = (
            "Since when it is the baseline.",
            [sample("aide_baseline_timestamp_seconds", result["baselineSince"], node=node)],
        )
    lines = []
    for name, (text, samples) in groups.items():
        lines += [f"# HELP {name} {text}", f"# TYPE {name} gauge", *samples]
    return "\n".join(lines) + "\n"


# --- The watcher -----------------------------------------------------------------------------------------------------


class Watcher:
    def __init__(self, settings, node):
        self.settings = settings
        self.node = node
        self.baseline = os.path.join(settings["state"], "baseline.db")
        self.candidate = os.path.join(settings["state"], "candidate.db")
        self.unfinished = os.path.join(settings["state"], "unfinished.db")
        self.result_file = os.path.join(settings["state"], "result.json")
        self.result = self.last_result()
        self.published = 0.0

    def last_result(self):
        """What was found before the program began again. What is no result means that nothing is known."""
        try:
            with open(self.result_file, encoding="utf-8") as file:
                result = json.load(file)
            return result if isinstance(result, dict) and result.get("state") in STATES else {}
        except (OSError, ValueError):
            return {}

    def say(self, event, **fields):
        moment = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        print(json.dumps({"time": moment, "node": self.node, "event": event, **fields}), flush=True)

    def publish(self):
        """Not to be able to say something is no reason to stop: the silence is an alarm by itself."""
        text = metrics_text(self.node, self.result, time.time())
        target = self.settings["metrics"]
        try:
            if "textfile" in target:
                replace_file(os.path.join(target["textfile"], "file-integrity.prom"), text)
            else:
                group = urllib.parse.quote(self.node, safe="")
                url = f"{target['pushgateway']}/metrics/job/file-integrity/node/{group}"
                headers = {"Content-Type": "text/plain; version=0.0.4"}
                request = urllib.request.Request(url, data=text.encode(), headers=headers, method="PUT")
                with urllib.request.urlopen(request, timeout=10):
                    pass
        except (OSError, urllib.error.URLError) as error:
            self.say("metrics-not-published", reason=str(error))
        self.published = time.time()

    def heartbeat(self):
        if time.time() - self.published >= PUBLISH_SECONDS:
            self.publish()

    def keep(self, **changes):
        """Remembers and tells a result. Where it cannot be kept, it is still told."""
        self.result = {**self.result, **changes}
        try:
            replace_file(self.result_file, json.dumps(self.result))
        except OSError as error:
            self.say("result-not-kept", reason=str(error))
        self.publish()

    def approved(self):
        """The fingerprint that a person approved for this node."""
        try:
            with open(os.path.join(self.settings["approved"], self.node), encoding="utf-8", errors="replace") as file:
                return file.read().strip() or None
        except FileNotFoundError:
            return None

    def take_approved(self, approved):
        """The baseline, which is the candidate now if that is what a person approved."""
        baseline = database_at(self.baseline)
        if approved is None or (baseline is not None and baseline.fingerprint == approved):
            return baseline
        candidate = database_at(self.candidate)
        if candidate is None or candidate.fingerprint != approved:
            return baseline
        os.utime(self.candidate)
        os.replace(self.candidate, self.baseline)
        self.say("baseline-taken", baseline=approved)
        return candidate

    def check(self):
        """Compares the node with its baseline, and says what it found. Returns the state."""
        started = time.time()
        number = datetime.fromtimestamp(started, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        approved = self.approved()
        run = baseline = None
        try:
            baseline = self.take_approved(approved)
            state, reason = judged(baseline, approved)
            remove(self.unfinished)
            run = self.run("--init") if state else self.compare(baseline)
            if state is None:
                state, reason = compared(run, baseline)
            self.offer(run)
        except (NotMeasured, OSError) as error:
            run, state, reason = None, "error", str(error)
            remove(self.unfinished)
        self.tell(state, reason, run, baseline, approved, started, number)
        return state

    def run(self, command):
        return run_aide(command, self.settings, self.baseline, self.unfinished, self.heartbeat)

    def compare(self, baseline):
        try:
            return self.run("--update")
        except NotMeasured:
            # Another release of AIDE may not read the baseline at all. Then there is to be a new one all the same.
            run = self.run("--init")
            if run.database.made_by == baseline.made_by:
                raise
            return run

    def offer(self, run):
        """Makes what was read the candidate. What was not read completely cannot be approved."""
        if run.warnings:
            remove(self.unfinished, self.candidate)
        else:
            os.replace(self.unfinished, self.candidate)

    def tell(self, state, reason, run, baseline, approved, started, number):
        for finding in run.findings if run else []:
            self.say("finding", check=number, **finding)
        for warning in run.warnings[:MOST_WARNINGS] if run else []:
            self.say("warning", check=number, text=warning)
        counts = {kind: 0 for kind in ("added", "removed", "changed")}
        for finding in run.findings if run else []:
            counts[finding["kind"]] += 1
        measured = state in ("clean", "drift")
        now = time.time()
        candidate = run.database.fingerprint if run and not run.warnings else None
        self.keep(
            state=state,
            lastCheck=int(now),
            seconds=round(now - started, 1),
            lastMeasured=int(now) if measured else self.result.get("lastMeasured"),
            driftSince=self.drift_since(state, now),
            entries=len(run.database.paths) if run else None,
            warnings=len(run.warnings) if run else None,
            mismatches=run.mismatches if run else None,
            findings=counts if measured else None,
            baseline=baseline.fingerprint if baseline else None,
            baselineSince=int(os.path.getmtime(self.baseline)) if baseline else None,
            approved=approved,
            configuration=configured(self.settings),
        )
        self.say(
            "check",
            check=number,
            state=state,
            **({"reason": reason} if reason else {}),
            entries=self.result["entries"],
            **counts,
            warnings=self.result["warnings"],
            mismatches=self.result["mismatches"],
            baseline=self.result["baseline"],
            candidate=candidate,
            seconds=self.result["seconds"],
        )

    def drift_since(self, state, now):
        """A check that measured nothing does not make a drift younger."""
        since = self.result.get("driftSince") or 0
        if state == "drift":
            return since or int(now)
        return 0 if state == "clean" else since

    def hold_off(self, until):
        if self.result.get("state") != "held_off":
            self.keep(state="held_off", findings=None)
            self.say("held-off", until=until.strftime("%Y-%m-%dT%H:%M:%SZ"))

    def step(self, now):
        """What is to be done now."""
        until = held_off(now, self.settings)
        if until is not None:
            self.hold_off(until)
        elif self.is_due(now) or self.approved() != self.result.get("approved"):
            self.check()
        self.heartbeat()

    def is_due(self, now):
        last = self.result.get("lastCheck")
        if last is None or self.result["state"] == "held_off":
            return True
        # What is known is about something else.
        if self.result.get("configuration") != configured(self.settings):
            return True
        # A file that goes while it is read is an error, and it would be one until the next day.
        if self.result["state"] == "error" and now.timestamp() - last >= RETRY_SECONDS:
            return True
        due = last_due(now, self.settings, self.node)
        return due is not None and last < due.timestamp()

    def watch(self):
        self.say("watching")
        self.publish()
        while True:
            self.step(datetime.now(timezone.utc))
            time.sleep(self.settings["pollSeconds"])


def end(number, _frame):
    raise Ended(signal.Signals(number).name)


def main(arguments):
    node = os.environ.get("NODE_NAME", "")
    if len(arguments) != 2 or arguments[0] not in ("check", "watch") or node == "" or "/" in node:
        print(__doc__, file=sys.stderr)
        return 64
    with open(arguments[1], encoding="utf-8") as file:
        settings = json.load(file)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    watcher = Watcher(settings, node)
    try:
        if arguments[0] == "watch":
            watcher.watch()
        until = held_off(datetime.now(timezone.utc), settings)
        if until is not None:
            watcher.hold_off(until)
            return STATES.index("held_off")
        return STATES.index(watcher.check())
    except Ended as signal_name:
        watcher.say("ended", signal=str(signal_name))
        return 0 if arguments[0] == "watch" else STATES.index("error")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
