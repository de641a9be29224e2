package main

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
)

// behaviour is what a provider does beyond its schema, per resource type. Keys are dotted paths without indexes.
type behaviour struct {
	Replace         []string            `json:"replace"`
	ReplaceMeasured []string            `json:"replace_measured"`
	Default         map[string]any      `json:"default"`
	OneOf           map[string][]string `json:"one_of"`
	Check           map[string]string   `json:"check"`
	ConflictsWith   map[string][]string `json:"conflicts_with"`
}

// condition keeps a field from replacing its resource: `node_name (unless migrate = true)`.
type condition struct {
	Path  string
	Value string
}

var conditional = regexp.MustCompile(`^(\S+) \(unless (\S+) = (\S+)\)$`)

// A default that the provider takes from its environment is described in words and ends with the fallback in quotes.
var describedDefault = regexp.MustCompile(`defaults to .* environment variable or '([^']*)'\.$`)

func loadBehaviours(path string) (map[string]*behaviour, error) {
	behaviours := map[string]*behaviour{}
	if err := readJSON(path, &behaviours); err != nil {
		if errors.Is(err, os.ErrNotExist) {
			return behaviours, nil
		}
		return nil, err
	}
	return behaviours, nil
}

// attach writes the behaviour onto the fields it speaks of. A path that the schema does not have is an error: a typo
// in a behaviour file would otherwise make a test pass for ever.
func (b *behaviour) attach(t *Type) error {
	if b == nil {
		return nil
	}
	var problems []string
	at := func(path string, change func(*Field)) {
		if field := t.field(path); field != nil {
			change(field)
			return
		}
		problems = append(problems, fmt.Sprintf("%q is not in the schema", path))
	}
	for _, path := range b.Replace {
		at(path, func(f *Field) { f.Replace = true })
	}
	// What the schema of the provider does not say, its own comparison of old and new does: it looks at both values, so
	// that a block which comes or goes replaces nothing.
	for _, text := range b.ReplaceMeasured {
		path := text
		var unless *condition
		if match := conditional.FindStringSubmatch(text); match != nil {
			path, unless = match[1], &condition{Path: match[2], Value: match[3]}
		}
		at(path, func(f *Field) { f.Replace, f.ReplaceUnless, f.ReplaceCompared = true, unless, true })
	}
	for path, value := range b.Default {
		if text, ok := value.(string); ok {
			if match := describedDefault.FindStringSubmatch(text); match != nil {
				value = match[1]
			}
		}
		at(path, func(f *Field) { f.Default = value })
	}
	for path, values := range b.OneOf {
		at(path, func(f *Field) { f.OneOf = values })
	}
	for path, text := range b.Check {
		at(path, func(f *Field) { f.Checks = append(f.Checks, parseChecks(text)...) })
	}
	for path, others := range b.ConflictsWith {
		at(path, func(f *Field) { f.ConflictsWith = others })
	}
	if len(problems) > 0 {
		return errors.New(strings.Join(problems, "; "))
	}
	return nil
}
