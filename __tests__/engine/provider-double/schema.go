package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Provider is one provider as `terraform providers schema -json` prints it, joined with its behaviour.
type Provider struct {
	Address   string
	Config    *Type
	Resources map[string]*Type
	Data      map[string]*Type
	Ephemeral map[string]*Type
}

// Type is one resource type, data source, ephemeral resource or provider configuration.
type Type struct {
	Name       string
	Version    int64
	Deprecated bool
	// Legacy types are written with the old SDK: Terraform lets them plan values that differ from the configuration.
	Legacy bool
	Facts  typeFacts
	Fields []*Field
	Proto  *tfprotov6.Schema
	Object tftypes.Type
}

// Field is an attribute or a nested block, with what the behaviour file says about it.
type Field struct {
	Name    string
	Path    string // dotted, without indexes: the notation of the behaviour files
	Type    tftypes.Type
	Nesting string // "", single, group, list, set or map
	Fields  []*Field
	Block   bool

	Required, Optional, Computed, WriteOnly, Deprecated bool

	Default       any
	Replace       bool
	ReplaceUnless *condition
	// ReplaceCompared: only where there was a value and is one.
	ReplaceCompared bool
	OneOf           []string
	Checks          []check
	ConflictsWith   []string
}

type schemaFile struct {
	ProviderSchemas map[string]struct {
		Provider  *jsonSchema            `json:"provider"`
		Resources map[string]*jsonSchema `json:"resource_schemas"`
		Data      map[string]*jsonSchema `json:"data_source_schemas"`
		Ephemeral map[string]*jsonSchema `json:"ephemeral_resource_schemas"`
	} `json:"provider_schemas"`
}

type jsonSchema struct {
	Version int64      `json:"version"`
	Block   *jsonBlock `json:"block"`
}

type jsonBlock struct {
	Attributes map[string]*jsonAttribute   `json:"attributes"`
	BlockTypes map[string]*jsonNestedBlock `json:"block_types"`
	Deprecated bool                        `json:"deprecated"`
}

type jsonNestedBlock struct {
	NestingMode string     `json:"nesting_mode"`
	Block       *jsonBlock `json:"block"`
	MinItems    int64      `json:"min_items"`
	MaxItems    int64      `json:"max_items"`
}

type jsonAttribute struct {
	Type       json.RawMessage `json:"type"`
	NestedType *struct {
		Attributes  map[string]*jsonAttribute `json:"attributes"`
		NestingMode string                    `json:"nesting_mode"`
	} `json:"nested_type"`
	Required   bool `json:"required"`
	Optional   bool `json:"optional"`
	Computed   bool `json:"computed"`
	Sensitive  bool `json:"sensitive"`
	WriteOnly  bool `json:"write_only"`
	Deprecated bool `json:"deprecated"`
}

var attributeNesting = map[string]tfprotov6.SchemaObjectNestingMode{
	"single": tfprotov6.SchemaObjectNestingModeSingle,
	"list":   tfprotov6.SchemaObjectNestingModeList,
	"set":    tfprotov6.SchemaObjectNestingModeSet,
	"map":    tfprotov6.SchemaObjectNestingModeMap,
}

var blockNesting = map[string]tfprotov6.SchemaNestedBlockNestingMode{
	"single": tfprotov6.SchemaNestedBlockNestingModeSingle,
	"group":  tfprotov6.SchemaNestedBlockNestingModeGroup,
	"list":   tfprotov6.SchemaNestedBlockNestingModeList,
	"set":    tfprotov6.SchemaNestedBlockNestingModeSet,
	"map":    tfprotov6.SchemaNestedBlockNestingModeMap,
}

// loadProvider reads <dir>/<name>.json and <dir>/behaviour/<name>.json.
func loadProvider(dir, name string) (*Provider, error) {
	if dir == "" {
		return nil, fmt.Errorf("PROVIDER_DOUBLE_SCHEMAS is not set; it names the directory of %s.json and behaviour/%s.json", name, name)
	}
	var file schemaFile
	if err := readJSON(filepath.Join(dir, name+".json"), &file); err != nil {
		return nil, err
	}
	behaviours, err := loadBehaviours(filepath.Join(dir, "behaviour", name+".json"))
	if err != nil {
		return nil, err
	}
	if len(file.ProviderSchemas) != 1 {
		return nil, fmt.Errorf("%s.json holds %d providers instead of one", name, len(file.ProviderSchemas))
	}
	provider := &Provider{}
	for address, schemas := range file.ProviderSchemas {
		provider.Address = address
		if schemas.Provider == nil {
			schemas.Provider = &jsonSchema{}
		}
		if provider.Config, err = newType("provider", name, schemas.Provider, nil); err != nil {
			return nil, err
		}
		if provider.Resources, err = newTypes("resource", schemas.Resources, behaviours); err != nil {
			return nil, err
		}
		if provider.Data, err = newTypes("data", schemas.Data, nil); err != nil {
			return nil, err
		}
		if provider.Ephemeral, err = newTypes("ephemeral", schemas.Ephemeral, nil); err != nil {
			return nil, err
		}
	}
	return provider, nil
}

func readJSON(path string, into any) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(content, into); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

func newTypes(kind string, schemas map[string]*jsonSchema, behaviours map[string]*behaviour) (map[string]*Type, error) {
	types := map[string]*Type{}
	for _, name := range sortedKeys(schemas) {
		t, err := newType(kind, name, schemas[name], behaviours[name])
		if err != nil {
			return nil, err
		}
		types[name] = t
	}
	return types, nil
}

func newType(kind, name string, schema *jsonSchema, behaviour *behaviour) (*Type, error) {
	if schema.Block == nil {
		schema.Block = &jsonBlock{}
	}
	proto, fields, err := convertBlock(schema.Block, "")
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", kind, name, err)
	}
	proto.Version = schema.Version
	t := &Type{
		Name:       name,
		Version:    schema.Version,
		Deprecated: schema.Block.Deprecated,
		Legacy:     isLegacy(schema.Block),
		Facts:      facts[kind+"/"+name],
		Fields:     fields,
		Proto:      &tfprotov6.Schema{Version: schema.Version, Block: proto},
	}
	t.Object = t.Proto.ValueType()
	if err := behaviour.attach(t); err != nil {
		return nil, fmt.Errorf("behaviour of %s: %w", name, err)
	}
	t.Facts.attach(t)
	return t, nil
}

// The old SDK gives every resource an optional and computed id, and cannot have nested attributes.
func isLegacy(block *jsonBlock) bool {
	for _, attribute := range block.Attributes {
		if attribute.NestedType != nil {
			return false
		}
	}
	id := block.Attributes["id"]
	return id != nil && id.Optional && id.Computed
}

func convertBlock(block *jsonBlock, path string) (*tfprotov6.SchemaBlock, []*Field, error) {
	attributes, fields, err := convertAttributes(block.Attributes, path)
	if err != nil {
		return nil, nil, err
	}
	proto := &tfprotov6.SchemaBlock{Attributes: attributes, Deprecated: block.Deprecated}
	for _, name := range sortedKeys(block.BlockTypes) {
		nested := block.BlockTypes[name]
		nesting, known := blockNesting[nested.NestingMode]
		if !known {
			return nil, nil, fmt.Errorf("%s: unknown nesting mode %q", join(path, name), nested.NestingMode)
		}
		inner, innerFields, err := convertBlock(nested.Block, join(path, name))
		if err != nil {
			return nil, nil, err
		}
		nestedProto := &tfprotov6.SchemaNestedBlock{
			TypeName: name, Block: inner, Nesting: nesting, MinItems: nested.MinItems, MaxItems: nested.MaxItems,
		}
		proto.BlockTypes = append(proto.BlockTypes, nestedProto)
		fields = append(fields, &Field{
			Name: name, Path: join(path, name), Type: nestedProto.ValueType(), Nesting: nested.NestingMode,
			Fields: innerFields, Block: true, Optional: true, Deprecated: nested.Block.Deprecated,
		})
	}
	return proto, fields, nil
}

func convertAttributes(attributes map[string]*jsonAttribute, path string) ([]*tfprotov6.SchemaAttribute, []*Field, error) {
	var protos []*tfprotov6.SchemaAttribute
	var fields []*Field
	for _, name := range sortedKeys(attributes) {
		attribute := attributes[name]
		proto := &tfprotov6.SchemaAttribute{
			Name: name, Required: attribute.Required, Optional: attribute.Optional, Computed: attribute.Computed,
			Sensitive: attribute.Sensitive, WriteOnly: attribute.WriteOnly, Deprecated: attribute.Deprecated,
		}
		field := &Field{
			Name: name, Path: join(path, name), Required: attribute.Required, Optional: attribute.Optional,
			Computed: attribute.Computed, WriteOnly: attribute.WriteOnly, Deprecated: attribute.Deprecated,
		}
		if attribute.NestedType == nil {
			parsed, err := tftypes.ParseJSONType(attribute.Type)
			if err != nil {
				return nil, nil, fmt.Errorf("%s: %w", field.Path, err)
			}
			proto.Type = parsed
			field.Type = parsed
			if field.Optional || field.Required {
				field.openAttributeMode()
			}
		} else {
			nesting, known := attributeNesting[attribute.NestedType.NestingMode]
			if !known {
				return nil, nil, fmt.Errorf("%s: unknown nesting mode %q", field.Path, attribute.NestedType.NestingMode)
			}
			inner, innerFields, err := convertAttributes(attribute.NestedType.Attributes, field.Path)
			if err != nil {
				return nil, nil, err
			}
			proto.NestedType = &tfprotov6.SchemaObject{Attributes: inner, Nesting: nesting}
			field.Type = proto.NestedType.ValueType()
			field.Nesting = attribute.NestedType.NestingMode
			field.Fields = innerFields
		}
		protos = append(protos, proto)
		fields = append(fields, field)
	}
	return protos, fields, nil
}

// openAttributeMode gives a block that the old SDK declares as an attribute (list of objects) its members back, so
// that defaults and checks reach them. Terraform itself keeps seeing an attribute: every element needs every key.
func (f *Field) openAttributeMode() {
	var object tftypes.Object
	switch outer := f.Type.(type) {
	case tftypes.List:
		element, ok := outer.ElementType.(tftypes.Object)
		if !ok {
			return
		}
		f.Nesting, object = "list", element
	case tftypes.Set:
		element, ok := outer.ElementType.(tftypes.Object)
		if !ok {
			return
		}
		f.Nesting, object = "set", element
	default:
		return
	}
	for _, name := range sortedKeys(object.AttributeTypes) {
		member := &Field{Name: name, Path: join(f.Path, name), Type: object.AttributeTypes[name], Optional: true}
		member.openAttributeMode()
		f.Fields = append(f.Fields, member)
	}
}

// field finds a field by its dotted path.
func (t *Type) field(path string) *Field {
	return findField(t.Fields, path)
}

func findField(fields []*Field, path string) *Field {
	for _, field := range fields {
		if field.Path == path {
			return field
		}
		if len(path) > len(field.Path) && path[:len(field.Path)+1] == field.Path+"." {
			return findField(field.Fields, path)
		}
	}
	return nil
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}
