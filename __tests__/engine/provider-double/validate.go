package main

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// validate judges a configuration: allowed values, checks, conflicts, deprecations. Types, required attributes and
// the number of blocks are Terraform's own business.
func validate(t *Type, config tftypes.Value) []*tfprotov6.Diagnostic {
	v := &validator{t: t, root: config}
	if t.Deprecated {
		v.warn(nil, "Deprecated Resource", fmt.Sprintf("%s is deprecated by its provider.", t.Name))
	}
	v.object(t.Fields, config, tftypes.NewAttributePath())
	v.groups()
	if rule := t.Facts.Rule; rule != nil && known(config) {
		if path, problem := rule(config); problem != "" {
			v.refuse(attributePath(path), "Invalid Attribute Combination", problem)
		}
	}
	return v.diagnostics
}

type validator struct {
	t           *Type
	root        tftypes.Value
	diagnostics []*tfprotov6.Diagnostic
}

func (v *validator) object(fields []*Field, object tftypes.Value, path *tftypes.AttributePath) {
	values := members(object)
	for _, field := range fields {
		if value, exists := values[field.Name]; exists {
			v.field(field, value, object, path.WithAttributeName(field.Name))
		}
	}
}

func (v *validator) field(field *Field, value, parent tftypes.Value, path *tftypes.AttributePath) {
	if value.IsKnown() && value.IsNull() {
		return
	}
	if field.Deprecated && !field.Block {
		v.warn(path, "Argument is deprecated", fmt.Sprintf("%s is deprecated by its provider.", field.Path))
	}
	v.relations(field, parent, path)
	if !known(value) {
		return
	}
	if len(field.OneOf) > 0 && !v.allowed(field, text(value)) {
		v.refuse(path, "Invalid Attribute Value", fmt.Sprintf("%s: %s", field.Path, oneOf(field.OneOf, text(value))))
	}
	for _, check := range field.Checks {
		if check.Refuses != nil && check.Refuses(value) {
			v.refuse(path, "Invalid Attribute Value", fmt.Sprintf("%s: %s, got: %s", field.Path, check.Text, shown(value)))
		}
	}
	switch field.Nesting {
	case "":
	case "list":
		for i, element := range elements(value) {
			v.object(field.Fields, element, path.WithElementKeyInt(i))
		}
	case "set":
		for _, element := range elements(value) {
			v.object(field.Fields, element, path.WithElementKeyValue(element))
		}
	case "map":
		for key, element := range members(value) {
			v.object(field.Fields, element, path.WithElementKeyString(key))
		}
	default:
		v.object(field.Fields, value, path)
	}
}

func (v *validator) allowed(field *Field, value string) bool {
	if pattern := v.t.Facts.AlsoAllowed[field.Path]; pattern != nil && pattern.MatchString(value) {
		return true
	}
	return contains(field.OneOf, value)
}

// relations judges what a set attribute asks of others.
func (v *validator) relations(field *Field, parent tftypes.Value, path *tftypes.AttributePath) {
	for _, other := range field.ConflictsWith {
		// Without an index the old SDK looks for nothing inside a list; neither does this.
		if value := at(v.root, other); value.Type() != nil && !value.IsNull() {
			v.refuse(path, "Conflicting configuration arguments", fmt.Sprintf("%s conflicts with %s", field.Path, other))
		}
	}
	for _, check := range field.Checks {
		for _, other := range check.AlsoSet {
			if !isSet(v.scope(other, parent)) {
				v.refuse(path, "Invalid Attribute Combination", fmt.Sprintf("%s must be set when %s is set", other, field.Path))
			}
		}
		for _, other := range check.NotSet {
			if isSet(v.scope(other, parent)) {
				v.refuse(path, "Invalid Attribute Combination", fmt.Sprintf("%s must not be set when %s is set", other, field.Path))
			}
		}
	}
}

// scope resolves "<.type" (a sibling) and "name" (from the root).
func (v *validator) scope(other string, parent tftypes.Value) (tftypes.Value, string) {
	if sibling, relative := strings.CutPrefix(other, "<."); relative {
		return parent, sibling
	}
	return v.root, other
}

func (v *validator) groups() {
	for _, group := range v.t.Facts.ExactlyOneOf {
		if count := v.countSet(group); count != 1 {
			v.refuse(attributePath(group[0]), "Invalid Attribute Combination",
				fmt.Sprintf("exactly one of %s must be set, got %d", strings.Join(group, ", "), count))
		}
	}
	for _, group := range v.t.Facts.AtMostOneOf {
		if count := v.countSet(group); count > 1 {
			v.refuse(attributePath(group[0]), "Invalid Attribute Combination",
				fmt.Sprintf("at most one of %s may be set", strings.Join(group, ", ")))
		}
	}
}

func (v *validator) countSet(group []string) int {
	count := 0
	for _, path := range group {
		if isSet(v.root, path) {
			count++
		}
	}
	return count
}

func (v *validator) refuse(path *tftypes.AttributePath, summary, detail string) {
	v.diagnostics = append(v.diagnostics, refusal(path, summary, detail))
}

func (v *validator) warn(path *tftypes.AttributePath, summary, detail string) {
	v.diagnostics = append(v.diagnostics, &tfprotov6.Diagnostic{
		Severity: tfprotov6.DiagnosticSeverityWarning, Summary: summary, Detail: detail, Attribute: path,
	})
}

func refusal(path *tftypes.AttributePath, summary, detail string) *tfprotov6.Diagnostic {
	return &tfprotov6.Diagnostic{
		Severity: tfprotov6.DiagnosticSeverityError, Summary: summary, Detail: detail, Attribute: path,
	}
}

func failure(err error) []*tfprotov6.Diagnostic {
	return []*tfprotov6.Diagnostic{refusal(nil, "Provider double failed", err.Error())}
}

// attributePath points at the top-level attribute of a dotted path: the elements below are not known by index.
func attributePath(path string) *tftypes.AttributePath {
	name, _, _ := strings.Cut(path, ".")
	return tftypes.NewAttributePath().WithAttributeName(name)
}

func shown(v tftypes.Value) string {
	if isCollection(v.Type()) || v.Type().Is(tftypes.Object{}) {
		return fmt.Sprint(plain(v, v.Type()))
	}
	return fmt.Sprintf("%q", text(v))
}
