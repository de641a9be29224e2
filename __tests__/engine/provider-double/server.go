package main

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// server answers what concerns the provider as a whole. Resources, data sources and ephemeral resources have their
// own files.
type server struct {
	provider *Provider
	world    *World
	faults   *Faults
}

var _ tfprotov6.ProviderServer = (*server)(nil)

var capabilities = &tfprotov6.ServerCapabilities{GetProviderSchemaOptional: true, PlanDestroy: true}

func (s *server) GetMetadata(context.Context, *tfprotov6.GetMetadataRequest) (*tfprotov6.GetMetadataResponse, error) {
	response := &tfprotov6.GetMetadataResponse{ServerCapabilities: capabilities}
	for _, name := range sortedKeys(s.provider.Resources) {
		response.Resources = append(response.Resources, tfprotov6.ResourceMetadata{TypeName: name})
	}
	for _, name := range sortedKeys(s.provider.Data) {
		response.DataSources = append(response.DataSources, tfprotov6.DataSourceMetadata{TypeName: name})
	}
	for _, name := range sortedKeys(s.provider.Ephemeral) {
		response.EphemeralResources = append(response.EphemeralResources, tfprotov6.EphemeralResourceMetadata{TypeName: name})
	}
	return response, nil
}

func (s *server) GetProviderSchema(context.Context, *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	return &tfprotov6.GetProviderSchemaResponse{
		ServerCapabilities:       capabilities,
		Provider:                 s.provider.Config.Proto,
		ResourceSchemas:          protos(s.provider.Resources),
		DataSourceSchemas:        protos(s.provider.Data),
		EphemeralResourceSchemas: protos(s.provider.Ephemeral),
		Functions:                map[string]*tfprotov6.Function{},
	}, nil
}

func protos(types map[string]*Type) map[string]*tfprotov6.Schema {
	schemas := map[string]*tfprotov6.Schema{}
	for name, t := range types {
		schemas[name] = t.Proto
	}
	return schemas
}

func (s *server) GetResourceIdentitySchemas(context.Context, *tfprotov6.GetResourceIdentitySchemasRequest) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	return &tfprotov6.GetResourceIdentitySchemasResponse{IdentitySchemas: map[string]*tfprotov6.ResourceIdentitySchema{}}, nil
}

func (s *server) UpgradeResourceIdentity(_ context.Context, request *tfprotov6.UpgradeResourceIdentityRequest) (*tfprotov6.UpgradeResourceIdentityResponse, error) {
	return &tfprotov6.UpgradeResourceIdentityResponse{
		Diagnostics: failure(fmt.Errorf("%s has no identity schema", request.TypeName)),
	}, nil
}

func (s *server) ValidateProviderConfig(_ context.Context, request *tfprotov6.ValidateProviderConfigRequest) (*tfprotov6.ValidateProviderConfigResponse, error) {
	config, err := decode(request.Config, s.provider.Config.Object)
	if err != nil {
		return &tfprotov6.ValidateProviderConfigResponse{Diagnostics: failure(err)}, nil
	}
	return &tfprotov6.ValidateProviderConfigResponse{
		PreparedConfig: request.Config,
		Diagnostics:    validate(s.provider.Config, config),
	}, nil
}

func (s *server) ConfigureProvider(context.Context, *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	return &tfprotov6.ConfigureProviderResponse{}, nil
}

func (s *server) StopProvider(context.Context, *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	return &tfprotov6.StopProviderResponse{}, nil
}

func (s *server) GetFunctions(context.Context, *tfprotov6.GetFunctionsRequest) (*tfprotov6.GetFunctionsResponse, error) {
	return &tfprotov6.GetFunctionsResponse{Functions: map[string]*tfprotov6.Function{}}, nil
}

func (s *server) CallFunction(_ context.Context, request *tfprotov6.CallFunctionRequest) (*tfprotov6.CallFunctionResponse, error) {
	return &tfprotov6.CallFunctionResponse{Error: &tfprotov6.FunctionError{Text: "there is no function " + request.Name}}, nil
}

// call is what all observable calls share: the log line, and the fault that a test asked for.
func (s *server) call(rpc string, t *Type, label string, work func() []*tfprotov6.Diagnostic) []*tfprotov6.Diagnostic {
	line := logLine{RPC: rpc, Type: t.Name, Label: label, Start: monotonic()}
	var diagnostics []*tfprotov6.Diagnostic
	if err := s.faults.fail(s.world, rpc, t.Name, label); err != nil {
		diagnostics = failure(err)
	} else {
		diagnostics = work()
	}
	line.End = monotonic()
	line.Failed = hasError(diagnostics)
	if err := s.faults.record(line); err != nil {
		diagnostics = append(diagnostics, failure(err)...)
	}
	return diagnostics
}

func hasError(diagnostics []*tfprotov6.Diagnostic) bool {
	for _, diagnostic := range diagnostics {
		if diagnostic.Severity == tfprotov6.DiagnosticSeverityError {
			return true
		}
	}
	return false
}

func lookup(types map[string]*Type, name string) (*Type, error) {
	if t, exists := types[name]; exists {
		return t, nil
	}
	return nil, fmt.Errorf("the schema has no %s", name)
}

// validateConfig serves the validation of every kind of type.
func validateConfig(types map[string]*Type, name string, dynamic *tfprotov6.DynamicValue) []*tfprotov6.Diagnostic {
	t, err := lookup(types, name)
	if err != nil {
		return failure(err)
	}
	config, err := decode(dynamic, t.Object)
	if err != nil {
		return failure(err)
	}
	return validate(t, config)
}
