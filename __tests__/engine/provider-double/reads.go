package main

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Data sources and ephemeral resources: a configuration goes in, the computed values come out.

func (s *server) ValidateDataResourceConfig(_ context.Context, request *tfprotov6.ValidateDataResourceConfigRequest) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	return &tfprotov6.ValidateDataResourceConfigResponse{
		Diagnostics: validateConfig(s.provider.Data, request.TypeName, request.Config),
	}, nil
}

func (s *server) ReadDataSource(_ context.Context, request *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	state, diagnostics := s.compute("data", s.provider.Data, request.TypeName, request.Config)
	return &tfprotov6.ReadDataSourceResponse{State: state, Diagnostics: diagnostics}, nil
}

func (s *server) ValidateEphemeralResourceConfig(_ context.Context, request *tfprotov6.ValidateEphemeralResourceConfigRequest) (*tfprotov6.ValidateEphemeralResourceConfigResponse, error) {
	return &tfprotov6.ValidateEphemeralResourceConfigResponse{
		Diagnostics: validateConfig(s.provider.Ephemeral, request.TypeName, request.Config),
	}, nil
}

func (s *server) OpenEphemeralResource(_ context.Context, request *tfprotov6.OpenEphemeralResourceRequest) (*tfprotov6.OpenEphemeralResourceResponse, error) {
	result, diagnostics := s.compute("open", s.provider.Ephemeral, request.TypeName, request.Config)
	return &tfprotov6.OpenEphemeralResourceResponse{Result: result, Diagnostics: diagnostics}, nil
}

// Nothing that is opened expires, so Terraform has no reason to renew; closing has nothing to release.

func (s *server) RenewEphemeralResource(_ context.Context, request *tfprotov6.RenewEphemeralResourceRequest) (*tfprotov6.RenewEphemeralResourceResponse, error) {
	return &tfprotov6.RenewEphemeralResourceResponse{Private: request.Private}, nil
}

func (s *server) CloseEphemeralResource(context.Context, *tfprotov6.CloseEphemeralResourceRequest) (*tfprotov6.CloseEphemeralResourceResponse, error) {
	return &tfprotov6.CloseEphemeralResourceResponse{}, nil
}

func (s *server) compute(rpc string, types map[string]*Type, name string, dynamic *tfprotov6.DynamicValue) (*tfprotov6.DynamicValue, []*tfprotov6.Diagnostic) {
	t, err := lookup(types, name)
	if err != nil {
		return nil, failure(err)
	}
	config, err := decode(dynamic, t.Object)
	if err != nil {
		return nil, failure(err)
	}
	var result *tfprotov6.DynamicValue
	diagnostics := s.call(rpc, t, label(config), func() []*tfprotov6.Diagnostic {
		filled, err := fill(t, openComputed(t, config), config)
		if err != nil {
			return failure(err)
		}
		if result, err = encode(filled, t.Object); err != nil {
			return failure(err)
		}
		return nil
	})
	return result, diagnostics
}
