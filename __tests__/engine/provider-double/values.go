package main

import (
	"encoding/json"
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

func null(t tftypes.Type) tftypes.Value    { return tftypes.NewValue(t, nil) }
func unknown(t tftypes.Type) tftypes.Value { return tftypes.NewValue(t, tftypes.UnknownValue) }

// known says that there is a value to look at, if perhaps with unknown parts.
func known(v tftypes.Value) bool { return v.Type() != nil && v.IsKnown() && !v.IsNull() }

// members returns the attributes of an object or the elements of a map; nothing when null or unknown.
func members(v tftypes.Value) map[string]tftypes.Value {
	result := map[string]tftypes.Value{}
	if known(v) {
		_ = v.As(&result)
	}
	return result
}

// elements returns the elements of a list, set or tuple; nothing when null or unknown.
func elements(v tftypes.Value) []tftypes.Value {
	var result []tftypes.Value
	if known(v) {
		_ = v.As(&result)
	}
	return result
}

// text renders a scalar; empty when null, unknown or no scalar.
func text(v tftypes.Value) string {
	if !known(v) {
		return ""
	}
	switch {
	case v.Type().Is(tftypes.String):
		var s string
		_ = v.As(&s)
		return s
	case v.Type().Is(tftypes.Bool):
		var b bool
		_ = v.As(&b)
		return strconv.FormatBool(b)
	case v.Type().Is(tftypes.Number):
		return number(v).Text('f', -1)
	}
	return ""
}

func number(v tftypes.Value) *big.Float {
	n := big.NewFloat(0)
	if known(v) && v.Type().Is(tftypes.Number) {
		_ = v.As(&n)
	}
	return n
}

// isZero is the old SDK's notion of "not set": null, "", 0, false or empty.
func isZero(v tftypes.Value) bool {
	if v.Type() == nil || v.IsNull() {
		return true
	}
	if !v.IsFullyKnown() {
		return false
	}
	switch {
	case v.Type().Is(tftypes.String), v.Type().Is(tftypes.Number), v.Type().Is(tftypes.Bool):
		value := text(v)
		return value == "" || value == "0" || value == "false"
	case v.Type().Is(tftypes.Object{}):
		return false
	}
	return len(elements(v)) == 0 && len(members(v)) == 0
}

// at follows names through objects, and through lists of blocks by number: "metadata.0.name".
func at(v tftypes.Value, path string) tftypes.Value {
	for _, step := range strings.Split(path, ".") {
		if !known(v) {
			return tftypes.Value{}
		}
		if index, err := strconv.Atoi(step); err == nil {
			list := elements(v)
			if index >= len(list) {
				return tftypes.Value{}
			}
			v = list[index]
			continue
		}
		next, ok := members(v)[step]
		if !ok {
			return tftypes.Value{}
		}
		v = next
	}
	return v
}

// everyAt returns all values under a dotted path without indexes.
func everyAt(v tftypes.Value, path string) []tftypes.Value {
	if path == "" {
		return []tftypes.Value{v}
	}
	name, rest, _ := strings.Cut(path, ".")
	var found []tftypes.Value
	for _, object := range objects(v) {
		if member, ok := members(object)[name]; ok {
			found = append(found, everyAt(member, rest)...)
		}
	}
	return found
}

// objects unpacks a list, set or map of objects; a single object is returned as it is.
func objects(v tftypes.Value) []tftypes.Value {
	if !known(v) {
		return nil
	}
	if v.Type().Is(tftypes.Object{}) {
		return []tftypes.Value{v}
	}
	if v.Type().Is(tftypes.Map{}) {
		var result []tftypes.Value
		for _, key := range sortedKeys(members(v)) {
			result = append(result, members(v)[key])
		}
		return result
	}
	return elements(v)
}

// isSet says that the configuration gives a value there, known or not.
func isSet(root tftypes.Value, path string) bool {
	for _, value := range everyAt(root, path) {
		if !value.IsKnown() {
			return true
		}
		if !value.IsNull() && (!isCollection(value.Type()) || len(elements(value))+len(members(value)) > 0) {
			return true
		}
	}
	return false
}

func isCollection(t tftypes.Type) bool {
	return t.Is(tftypes.List{}) || t.Is(tftypes.Set{}) || t.Is(tftypes.Map{})
}

// scalar turns a JSON value of a behaviour file into a value of the attribute's type; false when it does not fit.
func scalar(value any, t tftypes.Type) (tftypes.Value, bool) {
	switch {
	case t.Is(tftypes.String):
		return tftypes.NewValue(t, fmt.Sprint(value)), true
	case t.Is(tftypes.Bool):
		b, err := strconv.ParseBool(fmt.Sprint(value))
		return tftypes.NewValue(t, b), err == nil
	case t.Is(tftypes.Number):
		n, ok := new(big.Float).SetString(fmt.Sprint(value))
		return tftypes.NewValue(t, n), ok
	}
	return tftypes.Value{}, false
}

func str(s string) tftypes.Value { return tftypes.NewValue(tftypes.String, s) }

func decode(dynamic *tfprotov6.DynamicValue, t tftypes.Type) (tftypes.Value, error) {
	if dynamic == nil {
		return null(t), nil
	}
	return dynamic.Unmarshal(t)
}

func encode(v tftypes.Value, t tftypes.Type) (*tfprotov6.DynamicValue, error) {
	dynamic, err := tfprotov6.NewDynamicValue(t, v)
	return &dynamic, err
}

// plain is the JSON form of a value as tftypes.ValueFromJSON reads it back.
func plain(v tftypes.Value, t tftypes.Type) any {
	if v.IsNull() || !v.IsKnown() {
		return nil
	}
	switch typed := t.(type) {
	case tftypes.Object:
		result := map[string]any{}
		for name, member := range members(v) {
			result[name] = plain(member, typed.AttributeTypes[name])
		}
		return result
	case tftypes.Map:
		result := map[string]any{}
		for key, element := range members(v) {
			result[key] = plain(element, typed.ElementType)
		}
		return result
	case tftypes.List, tftypes.Set, tftypes.Tuple:
		result := []any{}
		for _, element := range elements(v) {
			result = append(result, plain(element, element.Type()))
		}
		return result
	}
	switch {
	case t.Is(tftypes.DynamicPseudoType):
		return map[string]any{"type": v.Type(), "value": plain(v, v.Type())}
	case t.Is(tftypes.Number):
		return json.Number(text(v))
	case t.Is(tftypes.Bool):
		return text(v) == "true"
	}
	return text(v)
}
