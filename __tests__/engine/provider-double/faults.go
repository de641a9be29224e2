package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// Faults delays, fails and records calls as the environment asks:
//
//	PROVIDER_DOUBLE_DELAY_MS       every create, update and delete takes at least so long
//	PROVIDER_DOUBLE_READ_DELAY_MS  every read of an object takes at least so long
//	PROVIDER_DOUBLE_FAIL           <rpc>:<type>[@<label>]:<n>, separated by commas: the n-th such call fails; "apply" is
//	                               create or update; "taint" lets a create fail after the object came into being
//	PROVIDER_DOUBLE_LOG            a file that gets one JSON line per call
type Faults struct {
	delay  time.Duration
	reads  time.Duration
	fails  []*fault
	log    string
	mu     sync.Mutex
	counts map[string]int
}

type fault struct {
	spec, rpc, typeName, label string
	n                          int
}

type logLine struct {
	RPC   string `json:"rpc"`
	Type  string `json:"type"`
	Label string `json:"label"`
	// Nanoseconds of the machine's monotonic clock: comparable between processes.
	Start  int64 `json:"start"`
	End    int64 `json:"end"`
	Failed bool  `json:"failed"`
}

func newFaults(getenv func(string) string) (*Faults, error) {
	f := &Faults{log: getenv("PROVIDER_DOUBLE_LOG"), counts: map[string]int{}}
	for name, delay := range map[string]*time.Duration{"PROVIDER_DOUBLE_DELAY_MS": &f.delay, "PROVIDER_DOUBLE_READ_DELAY_MS": &f.reads} {
		text := getenv(name)
		if text == "" {
			continue
		}
		ms, err := strconv.Atoi(text)
		if err != nil || ms < 0 {
			return nil, fmt.Errorf("%s must be a number of milliseconds, got %q", name, text)
		}
		*delay = time.Duration(ms) * time.Millisecond
	}
	for _, spec := range strings.FieldsFunc(getenv("PROVIDER_DOUBLE_FAIL"), func(r rune) bool { return r == ',' }) {
		parsed, err := parseFault(strings.TrimSpace(spec))
		if err != nil {
			return nil, err
		}
		f.fails = append(f.fails, parsed)
	}
	return f, nil
}

var rpcNames = []string{"apply", "create", "update", "delete", "taint", "plan", "read", "import", "data", "open"}

func parseFault(spec string) (*fault, error) {
	// A label may hold colons itself.
	first, last := strings.Index(spec, ":"), strings.LastIndex(spec, ":")
	if first < 0 || first == last {
		return nil, fmt.Errorf("PROVIDER_DOUBLE_FAIL must read <rpc>:<type>[@<label>]:<n>, got %q", spec)
	}
	n, err := strconv.Atoi(spec[last+1:])
	if err != nil || n < 1 {
		return nil, fmt.Errorf("PROVIDER_DOUBLE_FAIL: %q does not end with the number of a call", spec)
	}
	typeName, label, _ := strings.Cut(spec[first+1:last], "@")
	parsed := &fault{spec: spec, rpc: spec[:first], typeName: typeName, label: label, n: n}
	if !contains(rpcNames, parsed.rpc) {
		return nil, fmt.Errorf("PROVIDER_DOUBLE_FAIL: %q is none of %s", parsed.rpc, strings.Join(rpcNames, ", "))
	}
	return parsed, nil
}

func (f *fault) concerns(rpc, typeName, label string) bool {
	sameRPC := f.rpc == rpc || (f.rpc == "apply" && (rpc == "create" || rpc == "update"))
	return sameRPC && f.typeName == typeName && (f.label == "" || f.label == label)
}

// fail counts the call and says whether it is one that shall fail.
func (f *Faults) fail(world *World, rpc, typeName, label string) error {
	for _, fault := range f.fails {
		if !fault.concerns(rpc, typeName, label) {
			continue
		}
		n, err := f.count(world, fault.spec)
		if err != nil {
			return err
		}
		if n == fault.n {
			return fmt.Errorf("asked to fail %s of %s %q at call %d", rpc, typeName, label, n)
		}
	}
	return nil
}

func (f *Faults) count(world *World, spec string) (int, error) {
	if world.exists() {
		return world.count(spec)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.counts[spec]++
	return f.counts[spec], nil
}

func wait(ctx context.Context, delay time.Duration) {
	select {
	case <-time.After(delay):
	case <-ctx.Done():
	}
}

// record writes one line about a finished call. A line is one write to a file opened for appending, so lines of
// several processes do not mix.
func (f *Faults) record(line logLine) error {
	if f.log == "" {
		return nil
	}
	content, err := json.Marshal(line)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(f.log, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = file.Write(append(content, '\n'))
	return err
}

func monotonic() int64 {
	var now unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &now); err != nil {
		return time.Now().UnixNano()
	}
	return now.Nano()
}
