// Command provider-double stands in for any Terraform provider: it serves the provider's real schema to the real
// Terraform core and plays its behaviour (defaults, replacements, refusals) without reaching a network.
//
// Which provider it plays is told by its own file name, as Terraform lays providers out:
// terraform-provider-<name>_v<version>.
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
)

var executableName = regexp.MustCompile(`^terraform-provider-([a-z0-9-]+?)(_v[^/]*)?(\.exe)?$`)

func main() {
	if err := serve(); err != nil {
		fmt.Fprintln(os.Stderr, "provider double:", err)
		os.Exit(1)
	}
}

func serve() error {
	server, err := newServer(os.Args[0], os.Getenv)
	if err != nil {
		// Terraform hides what a plugin prints while starting, so the reason is given as the answer to its first call.
		return tf6server.Serve("provider-double", func() tfprotov6.ProviderServer { return &broken{reason: err} })
	}
	return tf6server.Serve(server.provider.Address, func() tfprotov6.ProviderServer { return server })
}

func newServer(executable string, getenv func(string) string) (*server, error) {
	name, err := providerName(executable)
	if err != nil {
		return nil, err
	}
	provider, err := loadProvider(getenv("PROVIDER_DOUBLE_SCHEMAS"), name)
	if err != nil {
		return nil, err
	}
	faults, err := newFaults(getenv)
	if err != nil {
		return nil, err
	}
	return &server{provider: provider, world: openWorld(getenv("PROVIDER_DOUBLE_WORLD")), faults: faults}, nil
}

// broken is a provider that could not start. Terraform asks for the schema before anything else.
type broken struct {
	server
	reason error
}

func (b *broken) GetProviderSchema(context.Context, *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	return &tfprotov6.GetProviderSchemaResponse{Diagnostics: failure(b.reason)}, nil
}

func (b *broken) GetMetadata(context.Context, *tfprotov6.GetMetadataRequest) (*tfprotov6.GetMetadataResponse, error) {
	return &tfprotov6.GetMetadataResponse{Diagnostics: failure(b.reason)}, nil
}

func providerName(executable string) (string, error) {
	match := executableName.FindStringSubmatch(filepath.Base(executable))
	if match == nil {
		return "", fmt.Errorf("%q does not tell which provider to play; name the file terraform-provider-<name>_v<version>", filepath.Base(executable))
	}
	return match[1], nil
}
