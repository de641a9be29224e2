package main

import (
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// planObject decides the planned value of an object: what the configuration says, then defaults, then what was there
// before, and "known after apply" for the rest of what the provider computes.
func planObject(fields []*Field, config, prior tftypes.Value) tftypes.Value {
	configured, before := members(config), members(prior)
	planned := map[string]tftypes.Value{}
	for _, field := range fields {
		earlier, existed := before[field.Name]
		if !existed {
			earlier = tftypes.Value{}
		}
		planned[field.Name] = planField(field, configured[field.Name], earlier)
	}
	return tftypes.NewValue(config.Type(), planned)
}

// planField: a prior without a type means that there was no object before, as opposed to a null in it.
func planField(field *Field, config, prior tftypes.Value) tftypes.Value {
	switch {
	case field.WriteOnly:
		return null(field.Type)
	case !config.IsKnown():
		return config
	case config.IsNull():
		return planUnset(field, prior)
	case field.Fields == nil:
		return config
	}
	if field.Block && isCollection(field.Type) && len(elements(config))+len(members(config)) == 0 {
		return config
	}
	switch field.Nesting {
	case "list":
		return planList(field, config, prior)
	case "set":
		return planSet(field, config, prior)
	case "map":
		return planMap(field, config, prior)
	}
	return planObject(field.Fields, config, prior)
}

func planUnset(field *Field, prior tftypes.Value) tftypes.Value {
	if field.Default != nil {
		if value, fits := scalar(field.Default, field.Type); fits {
			return value
		}
	}
	switch {
	case !field.Computed:
		return null(field.Type)
	case prior.Type() == nil:
		return unknown(field.Type)
	}
	return prior
}

func planList(field *Field, config, prior tftypes.Value) tftypes.Value {
	before := elements(prior)
	planned := []tftypes.Value{}
	for i, element := range elements(config) {
		var earlier tftypes.Value
		if i < len(before) {
			earlier = before[i]
		}
		planned = append(planned, planElement(field, element, earlier))
	}
	return tftypes.NewValue(config.Type(), planned)
}

// Elements of a set have no position: an element continues the prior element that it would leave unchanged.
func planSet(field *Field, config, prior tftypes.Value) tftypes.Value {
	before := elements(prior)
	planned := []tftypes.Value{}
	for _, element := range elements(config) {
		result := planElement(field, element, tftypes.Value{})
		for _, earlier := range before {
			if candidate := planElement(field, element, earlier); candidate.Equal(earlier) {
				result = candidate
				break
			}
		}
		planned = append(planned, result)
	}
	return tftypes.NewValue(config.Type(), planned)
}

func planMap(field *Field, config, prior tftypes.Value) tftypes.Value {
	before := members(prior)
	planned := map[string]tftypes.Value{}
	for key, element := range members(config) {
		planned[key] = planElement(field, element, before[key])
	}
	return tftypes.NewValue(config.Type(), planned)
}

func planElement(field *Field, config, prior tftypes.Value) tftypes.Value {
	if !known(config) {
		return config
	}
	return planObject(field.Fields, config, prior)
}

// planDerived makes computed values unknown again when an input that they are computed from changes.
func planDerived(t *Type, planned, prior tftypes.Value) tftypes.Value {
	if !known(prior) {
		return planned
	}
	after, before := members(planned), members(prior)
	for output, inputs := range t.Facts.Derived {
		for _, input := range inputs {
			if value, exists := after[input]; exists && !value.Equal(before[input]) {
				after[output] = unknown(after[output].Type())
				break
			}
		}
	}
	return tftypes.NewValue(planned.Type(), after)
}

// replacements lists the paths whose change means a new object.
func replacements(t *Type, prior, planned tftypes.Value) []*tftypes.AttributePath {
	if !known(prior) || !known(planned) {
		return nil
	}
	collector := &replaceCollector{legacy: t.Legacy, planned: planned}
	collector.object(t.Fields, prior, planned, tftypes.NewAttributePath())
	return collector.paths
}

type replaceCollector struct {
	legacy  bool
	planned tftypes.Value
	paths   []*tftypes.AttributePath
}

func (c *replaceCollector) object(fields []*Field, prior, planned tftypes.Value, path *tftypes.AttributePath) {
	before, after := members(prior), members(planned)
	for _, field := range fields {
		c.field(field, before[field.Name], after[field.Name], path.WithAttributeName(field.Name))
	}
}

func (c *replaceCollector) field(field *Field, prior, planned tftypes.Value, path *tftypes.AttributePath) {
	compares := !field.ReplaceCompared || !isZero(prior) && !isZero(planned)
	if field.Replace && compares && c.differs(prior, planned) && !field.ReplaceUnless.holds(c.planned) {
		c.paths = append(c.paths, path)
		return
	}
	if field.Fields == nil {
		return
	}
	switch field.Nesting {
	case "list":
		before, after := elements(prior), elements(planned)
		for i := 0; i < max(len(before), len(after)); i++ {
			c.object(field.Fields, elementAt(before, i), elementAt(after, i), path.WithElementKeyInt(i))
		}
	case "map":
		before, after := members(prior), members(planned)
		for _, key := range sortedKeys(after) {
			c.object(field.Fields, before[key], after[key], path.WithElementKeyString(key))
		}
	case "set":
		// An element of a set cannot be addressed after it changed: the set as a whole is what replaces.
		if replacesWithin(field.Fields) && c.differs(prior, planned) {
			c.paths = append(c.paths, path)
		}
	default:
		c.object(field.Fields, prior, planned, path)
	}
}

func (c *replaceCollector) differs(prior, planned tftypes.Value) bool {
	if c.legacy && isZero(prior) && isZero(planned) {
		return false
	}
	if prior.Type() == nil || planned.Type() == nil {
		return !isZero(prior) || !isZero(planned)
	}
	return !prior.Equal(planned)
}

func (c *condition) holds(planned tftypes.Value) bool {
	return c != nil && text(at(planned, c.Path)) == c.Value
}

func elementAt(list []tftypes.Value, i int) tftypes.Value {
	if i < len(list) {
		return list[i]
	}
	return tftypes.Value{}
}

func replacesWithin(fields []*Field) bool {
	for _, field := range fields {
		if field.Replace || replacesWithin(field.Fields) {
			return true
		}
	}
	return false
}
