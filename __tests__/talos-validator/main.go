// Answers as Talos does: reads a configuration and patches as a line of JSON each, applies them, and says what Talos'
// own code says. One binary per release, which is that of the module that it is built with.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/siderolabs/talos/pkg/machinery/config/configloader"
	"github.com/siderolabs/talos/pkg/machinery/config/configpatcher"
)

type request struct {
	Base    string   `json:"base"`
	Patches []string `json:"patches"`
}

type answer struct {
	// Why the configuration is refused; empty when it is accepted.
	Error string `json:"error"`
	// What the machine would get; empty when it is not known.
	Configuration string `json:"configuration"`
}

// cloud is what a machine of a hypervisor is.
type cloud struct{}

func (cloud) String() string        { return "cloud" }
func (cloud) RequiresInstall() bool { return false }
func (cloud) InContainer() bool     { return false }

func patched(r request) (string, error) {
	base, err := configloader.NewFromBytes([]byte(r.Base))
	if err != nil {
		return "", fmt.Errorf("base: %w", err)
	}
	patches, err := configpatcher.LoadPatches(r.Patches)
	if err != nil {
		return "", fmt.Errorf("patch: %w", err)
	}
	merged, err := configpatcher.Apply(configpatcher.WithConfig(base), patches)
	if err != nil {
		return "", fmt.Errorf("merge: %w", err)
	}
	bytes, err := merged.Bytes()
	if err != nil {
		return "", fmt.Errorf("render: %w", err)
	}
	return string(bytes), nil
}

// validate reads what was rendered, as a machine does.
func validate(configuration string) error {
	loaded, err := configloader.NewFromBytes([]byte(configuration))
	if err != nil {
		return fmt.Errorf("load: %w", err)
	}
	if _, err := loaded.Validate(cloud{}); err != nil {
		return fmt.Errorf("validate: %w", err)
	}
	return nil
}

func judge(r request) (given answer) {
	// Some of Talos' own checks trip over what they are to refuse.
	defer func() {
		if reason := recover(); reason != nil {
			given.Error = fmt.Sprint("panic: ", reason)
		}
	}()
	configuration, err := patched(r)
	if err == nil {
		given.Configuration = configuration
		err = validate(configuration)
	}
	if err != nil {
		given.Error = err.Error()
	}
	return given
}

func run() error {
	requests := json.NewDecoder(bufio.NewReader(os.Stdin))
	answers := json.NewEncoder(os.Stdout)
	for {
		var r request
		if err := requests.Decode(&r); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if err := answers.Encode(judge(r)); err != nil {
			return err
		}
	}
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
