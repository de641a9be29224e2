// Says with which options the Barman Cloud Plugin, and CloudNativePG before 1.31, run barman-cloud for an object store:
// reads the configuration of an ObjectStore, and writes what their own library makes of it.
//
//	go run . < configuration.json > recorded.json
package main

import (
	"context"
	"encoding/json"
	"log"
	"os"

	"github.com/cloudnative-pg/barman-cloud/pkg/api"
	"github.com/cloudnative-pg/barman-cloud/pkg/archiver"
	"github.com/cloudnative-pg/barman-cloud/pkg/backup"
	"github.com/cloudnative-pg/barman-cloud/pkg/command"
	"github.com/cloudnative-pg/barman-cloud/pkg/utils"
)

type recorded struct {
	Configuration json.RawMessage `json:"configuration"`
	WalArchive    []string        `json:"walArchive"`
	CheckArchive  []string        `json:"checkArchive"`
	Backup        []string        `json:"backup"`
	Restore       []string        `json:"restore"`
	WalRestore    []string        `json:"walRestore"`
	Retention     string          `json:"retention"`
}

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func main() {
	var given json.RawMessage
	if err := json.NewDecoder(os.Stdin).Decode(&given); err != nil {
		log.Fatal(err)
	}
	var store api.BarmanObjectStoreConfiguration
	if err := json.Unmarshal(given, &store); err != nil {
		log.Fatal(err)
	}
	const server, name = "SERVER", "BACKUP"
	ctx := context.Background()
	archive := &archiver.WALArchiver{}
	// The plugin puts these together in a package that nobody else may import: restore.go, restoreDataDir.
	restore := must(command.AppendCloudProviderOptionsFromConfiguration(ctx, nil, &store))
	restore = append(restore, "--endpoint-url", store.EndpointURL, store.DestinationPath, server)
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(recorded{
		Configuration: given,
		WalArchive:    must(archive.BarmanCloudWalArchiveOptions(ctx, &store, server)),
		CheckArchive:  must(archive.BarmanCloudCheckWalArchiveOptions(ctx, &store, server)),
		Backup:        must(backup.NewBackupCommand(&store).GetBarmanCloudBackupOptions(ctx, name, server)),
		Restore:       restore,
		WalRestore:    must(command.CloudWalRestoreOptions(ctx, &store, server)),
		Retention:     must(utils.ParsePolicy("30d")),
	}); err != nil {
		log.Fatal(err)
	}
}
