package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// private is what Terraform keeps for us beside the state: where the object lies in the world.
type private struct {
	Object string `json:"object,omitempty"`
}

func (p private) bytes() []byte {
	content, _ := json.Marshal(p)
	return content
}

func openPrivate(content []byte) private {
	var p private
	_ = json.Unmarshal(content, &p)
	return p
}

func (s *server) ValidateResourceConfig(_ context.Context, request *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return &tfprotov6.ValidateResourceConfigResponse{
		Diagnostics: validateConfig(s.provider.Resources, request.TypeName, request.Config),
	}, nil
}

func (s *server) UpgradeResourceState(_ context.Context, request *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	upgraded, err := func() (*tfprotov6.DynamicValue, error) {
		t, err := lookup(s.provider.Resources, request.TypeName)
		if err != nil {
			return nil, err
		}
		options := tfprotov6.UnmarshalOpts{ValueFromJSONOpts: tftypes.ValueFromJSONOpts{IgnoreUndefinedAttributes: true}}
		state, err := request.RawState.UnmarshalWithOpts(t.Object, options)
		if err != nil {
			return nil, err
		}
		return encode(state, t.Object)
	}()
	if err != nil {
		return &tfprotov6.UpgradeResourceStateResponse{Diagnostics: failure(err)}, nil
	}
	return &tfprotov6.UpgradeResourceStateResponse{UpgradedState: upgraded}, nil
}

func (s *server) MoveResourceState(_ context.Context, request *tfprotov6.MoveResourceStateRequest) (*tfprotov6.MoveResourceStateResponse, error) {
	return &tfprotov6.MoveResourceStateResponse{
		Diagnostics: failure(fmt.Errorf("a %s cannot become a %s", request.SourceTypeName, request.TargetTypeName)),
	}, nil
}

func (s *server) GenerateResourceConfig(_ context.Context, request *tfprotov6.GenerateResourceConfigRequest) (*tfprotov6.GenerateResourceConfigResponse, error) {
	return &tfprotov6.GenerateResourceConfigResponse{Config: request.State}, nil
}

func (s *server) ReadResource(ctx context.Context, request *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	response := &tfprotov6.ReadResourceResponse{Private: request.Private}
	t, err := lookup(s.provider.Resources, request.TypeName)
	if err != nil {
		response.Diagnostics = failure(err)
		return response, nil
	}
	state, err := decode(request.CurrentState, t.Object)
	if err != nil {
		response.Diagnostics = failure(err)
		return response, nil
	}
	response.Diagnostics = s.call("read", t, label(state), func() []*tfprotov6.Diagnostic {
		wait(ctx, s.faults.reads)
		found, err := s.look(t, openPrivate(request.Private), state)
		if err != nil {
			return failure(err)
		}
		if response.NewState, err = encode(found, t.Object); err != nil {
			return failure(err)
		}
		return nil
	})
	return response, nil
}

// look returns what is there now; null when the object is gone.
func (s *server) look(t *Type, p private, state tftypes.Value) (tftypes.Value, error) {
	if !s.world.exists() || t.Facts.BlindRead || p.Object == "" {
		return state, nil
	}
	object, err := s.world.read(p.Object, t)
	if err != nil {
		return state, err
	}
	if object == nil {
		return null(t.Object), nil
	}
	return *object, nil
}

func (s *server) PlanResourceChange(_ context.Context, request *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	response := &tfprotov6.PlanResourceChangeResponse{PlannedPrivate: request.PriorPrivate}
	response.Diagnostics = func() []*tfprotov6.Diagnostic {
		t, err := lookup(s.provider.Resources, request.TypeName)
		if err != nil {
			return failure(err)
		}
		config, prior, err := decodeTwo(t, request.Config, request.PriorState)
		if err != nil {
			return failure(err)
		}
		if request.ProposedNewState == nil || config.IsNull() {
			response.PlannedState = request.ProposedNewState
			return nil
		}
		if err := s.faults.fail(s.world, "plan", t.Name, label(config)); err != nil {
			return failure(err)
		}
		before := prior
		if prior.IsNull() {
			before = tftypes.Value{}
		}
		planned := planDerived(t, planObject(t.Fields, config, before), prior)
		if response.PlannedState, err = encode(planned, t.Object); err != nil {
			return failure(err)
		}
		response.RequiresReplace = replacements(t, prior, planned)
		response.UnsafeToUseLegacyTypeSystem = t.Legacy
		return nil
	}()
	return response, nil
}

func (s *server) ApplyResourceChange(ctx context.Context, request *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	response := &tfprotov6.ApplyResourceChangeResponse{NewState: request.PriorState, Private: request.PlannedPrivate}
	t, err := lookup(s.provider.Resources, request.TypeName)
	if err != nil {
		response.Diagnostics = failure(err)
		return response, nil
	}
	response.UnsafeToUseLegacyTypeSystem = t.Legacy
	prior, planned, err := decodeTwo(t, request.PriorState, request.PlannedState)
	if err != nil {
		response.Diagnostics = failure(err)
		return response, nil
	}
	change := &change{s: s, t: t, prior: prior, planned: planned, request: request, response: response}
	switch {
	case planned.IsNull():
		response.Diagnostics = s.call("delete", t, label(prior), func() []*tfprotov6.Diagnostic {
			wait(ctx, s.faults.delay)
			return change.delete()
		})
	case prior.IsNull():
		response.Diagnostics = s.call("create", t, label(planned), func() []*tfprotov6.Diagnostic {
			wait(ctx, s.faults.delay)
			return change.create()
		})
	default:
		response.Diagnostics = s.call("update", t, label(planned), func() []*tfprotov6.Diagnostic {
			wait(ctx, s.faults.delay)
			return change.update()
		})
	}
	return response, nil
}

type change struct {
	s              *server
	t              *Type
	prior, planned tftypes.Value
	request        *tfprotov6.ApplyResourceChangeRequest
	response       *tfprotov6.ApplyResourceChangeResponse
}

func (c *change) create() []*tfprotov6.Diagnostic {
	object, err := c.result()
	if err != nil {
		return failure(err)
	}
	key, err := c.s.world.create(c.t, object)
	var taken errTaken
	if errors.As(err, &taken) {
		return []*tfprotov6.Diagnostic{refusal(attributePath(taken.attribute), "Object exists already", taken.Error())}
	}
	if err != nil {
		return failure(err)
	}
	if c.response.NewState, err = encode(object, c.t.Object); err != nil {
		return failure(err)
	}
	c.response.Private = private{Object: key}.bytes()
	// An error together with a new state is how a provider reports an object that came into being damaged.
	if err := c.s.faults.fail(c.s.world, "taint", c.t.Name, label(object)); err != nil {
		return failure(err)
	}
	return nil
}

func (c *change) update() []*tfprotov6.Diagnostic {
	if rule := c.t.Facts.Update; rule != nil {
		if path, problem := rule(c.prior, c.planned); problem != "" {
			return []*tfprotov6.Diagnostic{refusal(attributePath(path), "Update refused", problem)}
		}
	}
	object, err := c.result()
	if err != nil {
		return failure(err)
	}
	if err := c.s.world.update(openPrivate(c.request.PlannedPrivate).Object, c.t, object); err != nil {
		return failure(err)
	}
	if c.response.NewState, err = encode(object, c.t.Object); err != nil {
		return failure(err)
	}
	return nil
}

func (c *change) delete() []*tfprotov6.Diagnostic {
	if err := c.s.world.delete(openPrivate(c.request.PlannedPrivate).Object); err != nil {
		return failure(err)
	}
	c.response.NewState = c.request.PlannedState
	c.response.Private = nil
	return nil
}

func (c *change) result() (tftypes.Value, error) {
	config, err := decode(c.request.Config, c.t.Object)
	if err != nil {
		return tftypes.Value{}, err
	}
	return fill(c.t, c.planned, config)
}

func (s *server) ImportResourceState(_ context.Context, request *tfprotov6.ImportResourceStateRequest) (*tfprotov6.ImportResourceStateResponse, error) {
	response := &tfprotov6.ImportResourceStateResponse{}
	t, err := lookup(s.provider.Resources, request.TypeName)
	if err != nil {
		response.Diagnostics = failure(err)
		return response, nil
	}
	response.Diagnostics = s.call("import", t, request.ID, func() []*tfprotov6.Diagnostic {
		object, key, err := s.imported(t, request.ID)
		if err != nil {
			return failure(err)
		}
		state, err := encode(object, t.Object)
		if err != nil {
			return failure(err)
		}
		response.ImportedResources = []*tfprotov6.ImportedResource{{
			TypeName: t.Name, State: state, Private: private{Object: key}.bytes(),
		}}
		return nil
	})
	return response, nil
}

// imported finds the object in the world, or without a world makes up one from what the import id tells.
func (s *server) imported(t *Type, id string) (tftypes.Value, string, error) {
	if s.world.exists() && !t.Facts.BlindRead {
		key, object, err := s.world.find(t, func(candidate tftypes.Value) bool { return contains(importIDs(t, candidate), id) })
		if err != nil {
			return tftypes.Value{}, "", err
		}
		if object == nil {
			return tftypes.Value{}, "", fmt.Errorf("there is no %s with the import id %q", t.Name, id)
		}
		return *object, key, nil
	}
	told := partsOfImportID(t, id)
	config := map[string]tftypes.Value{}
	for _, field := range t.Fields {
		config[field.Name] = null(field.Type)
		if field.Block && isCollection(field.Type) {
			config[field.Name] = zero(field.Type)
		}
		if value, exists := told[field.Name]; exists {
			if parsed, fits := scalar(value, field.Type); fits {
				config[field.Name] = parsed
			}
		}
	}
	configured := tftypes.NewValue(t.Object, config)
	object, err := fill(t, planObject(t.Fields, configured, tftypes.Value{}), configured)
	return object, "", err
}

// importIDs are the ids under which an object can be imported.
func importIDs(t *Type, object tftypes.Value) []string {
	id := text(at(object, "id"))
	switch t.Name {
	case "proxmox_virtual_environment_vm", "proxmox_download_file":
		return []string{text(at(object, "node_name")) + "/" + id}
	}
	return []string{id, label(object)}
}

func partsOfImportID(t *Type, id string) map[string]string {
	switch t.Name {
	case "proxmox_virtual_environment_vm":
		node, vmID, _ := strings.Cut(id, "/")
		return map[string]string{"node_name": node, "vm_id": vmID, "id": vmID}
	case "proxmox_download_file":
		node, volume, _ := strings.Cut(id, "/")
		datastore, file, _ := strings.Cut(volume, ":")
		content, name, _ := strings.Cut(file, "/")
		return map[string]string{"node_name": node, "datastore_id": datastore, "content_type": content, "file_name": name, "id": volume}
	}
	return map[string]string{"id": id}
}

func decodeTwo(t *Type, first, second *tfprotov6.DynamicValue) (tftypes.Value, tftypes.Value, error) {
	a, err := decode(first, t.Object)
	if err != nil {
		return a, a, err
	}
	b, err := decode(second, t.Object)
	return a, b, err
}
