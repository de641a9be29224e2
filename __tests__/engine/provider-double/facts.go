package main

import (
	"fmt"
	"net/url"
	"path"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// typeFacts is what neither the schema nor the behaviour file says about a type, as documented by its provider.
type typeFacts struct {
	// ExactlyOneOf, AtMostOneOf: groups of attributes of which one must, or no more than one may, be set.
	ExactlyOneOf, AtMostOneOf [][]string
	// OneOf and Between complete the allowed values.
	OneOf   map[string][]string
	Between map[string][2]int64
	// AlsoAllowed are values that pass beside the recorded list.
	AlsoAllowed map[string]*regexp.Regexp
	// Deprecated members of attribute-mode blocks, for which the schema has no flag.
	Deprecated []string
	// ComputedMembers of attribute-mode blocks, likewise.
	ComputedMembers []string
	// Derived maps a computed attribute to the inputs that it is computed from.
	Derived map[string][]string
	// CopyOf maps a computed attribute to the attribute whose value it takes when the configuration leaves it out.
	CopyOf map[string]string
	// BlindRead types do not look at the real object when they are refreshed.
	BlindRead bool
	// Unique is the attribute that no two objects of the type may share.
	Unique string
	// Rule judges what the rest cannot express; it returns the path and the problem.
	Rule func(config tftypes.Value) (path, problem string)
	// Update refuses at apply what no plan sees; it returns the path and the problem.
	Update func(prior, planned tftypes.Value) (path, problem string)
}

var facts = map[string]typeFacts{
	"resource/proxmox_virtual_environment_vm": {
		AtMostOneOf: [][]string{
			{"initialization.user_account", "initialization.user_data_file_id"},
			{"initialization.network_data_file_id", "initialization.ip_config"},
		},
		Between: map[string][2]int64{
			"vm_id": {100, 2147483647}, "cpu.cores": {1, 2304}, "cpu.sockets": {1, 16}, "network_device.queues": {0, 64},
		},
		AlsoAllowed: map[string]*regexp.Regexp{
			"cpu.type":      regexp.MustCompile(`^custom-.+$`),
			"cdrom.file_id": regexp.MustCompile(`^[^:]+:[^/]+/.+$`),
		},
		Deprecated:      []string{"network_device.enabled"},
		ComputedMembers: []string{"network_device.mac_address"},
		Unique:          "vm_id",
		Update:          updateDisks,
	},
	"resource/proxmox_acl": {ExactlyOneOf: [][]string{{"group_id", "token_id", "user_id"}}},
	"resource/proxmox_harule": {Rule: func(config tftypes.Value) (string, string) {
		kind := text(at(config, "type"))
		for _, pair := range [][2]string{{"node-affinity", "nodes"}, {"resource-affinity", "affinity"}} {
			if kind == pair[0] && !isSet(config, pair[1]) {
				return pair[1], fmt.Sprintf("%s must be set when type is %q", pair[1], kind)
			}
			if kind != "" && kind != pair[0] && isSet(config, pair[1]) {
				return pair[1], fmt.Sprintf("%s may only be set when type is %q", pair[1], pair[0])
			}
		}
		return "", ""
	}},
	"resource/talos_machine_configuration_apply": {
		ExactlyOneOf: [][]string{
			{"client_configuration", "client_configuration_wo"},
			{"machine_configuration_input", "machine_configuration_input_wo"},
		},
		Derived: map[string][]string{
			"machine_configuration":      {"machine_configuration_input", "config_patches"},
			"machine_configuration_hash": {"machine_configuration_input", "config_patches"},
			"resolved_apply_mode":        {"apply_mode"},
		},
		CopyOf:    map[string]string{"endpoint": "node", "id": "node", "resolved_apply_mode": "apply_mode", "machine_configuration": "machine_configuration_input"},
		BlindRead: true,
	},
	"resource/talos_machine": {
		ExactlyOneOf: [][]string{
			{"client_configuration", "client_configuration_wo"},
			{"machine_configuration", "machine_configuration_wo"},
		},
		AtMostOneOf: [][]string{{"kubeconfig", "kubeconfig_wo"}},
		Derived:     map[string][]string{"machine_configuration_hash": {"machine_configuration"}},
		CopyOf:      map[string]string{"endpoint": "node", "id": "node"},
		Rule: func(config tftypes.Value) (string, string) {
			drains := text(at(config, "drain_on_upgrade")) != "false"
			if isSet(config, "image") && drains && !isSet(config, "kubeconfig") && !isSet(config, "kubeconfig_wo") {
				return "kubeconfig", "kubeconfig or kubeconfig_wo must be set when image is set and drain_on_upgrade is not false"
			}
			return "", ""
		},
	},
	"resource/talos_machine_bootstrap": {
		ExactlyOneOf: [][]string{{"client_configuration", "client_configuration_wo"}},
		CopyOf:       map[string]string{"endpoint": "node"},
		BlindRead:    true,
	},
	"resource/talos_cluster": {
		ExactlyOneOf: [][]string{{"client_configuration", "client_configuration_wo"}},
		CopyOf:       map[string]string{"endpoint": "node", "id": "node"},
	},
	"resource/talos_cluster_kubeconfig": {CopyOf: map[string]string{"endpoint": "node", "id": "node"}},
	"resource/talos_machine_secrets":    {BlindRead: true},
	"resource/talos_image_factory_schematic": {
		Derived:   map[string][]string{"id": {"schematic"}},
		BlindRead: true,
	},
	"data/talos_cluster_kubeconfig":         {CopyOf: map[string]string{"endpoint": "node"}},
	"data/talos_machine_disks":              {CopyOf: map[string]string{"endpoint": "node"}},
	"data/talos_image_factory_urls":         {ExactlyOneOf: [][]string{{"platform", "sbc"}}, OneOf: map[string][]string{"architecture": {"amd64", "arm64"}}},
	"data/talos_machine_configuration":      machineConfiguration,
	"ephemeral/talos_machine_configuration": machineConfiguration,
}

// updateDisks: a disk never shrinks, and a VM neither resizes nor moves what it does not own.
func updateDisks(prior, planned tftypes.Value) (string, string) {
	before := map[string]tftypes.Value{}
	for _, disk := range elements(at(prior, "disk")) {
		before[text(at(disk, "interface"))] = disk
	}
	for _, disk := range elements(at(planned, "disk")) {
		earlier, existed := before[text(at(disk, "interface"))]
		if !existed {
			continue
		}
		grown := number(at(disk, "size")).Cmp(number(at(earlier, "size")))
		moved := text(at(disk, "datastore_id")) != text(at(earlier, "datastore_id"))
		volume := text(at(earlier, "path_in_datastore"))
		switch {
		case grown < 0:
			return "disk", fmt.Sprintf("%s cannot shrink", volume)
		case (grown > 0 || moved) && !ownedBy(volume, text(at(prior, "vm_id"))):
			return "disk", fmt.Sprintf("%s cannot be resized or moved, it is not owned by this VM", volume)
		}
	}
	return "", ""
}

// ownedBy reads the owner from the name of a volume: vm-900-disk-0, or 900/vm-900-disk-0.qcow2 in a directory.
func ownedBy(volume, vm string) bool {
	return strings.HasPrefix(path.Base(volume), "vm-"+vm+"-")
}

var machineConfiguration = typeFacts{
	OneOf: map[string][]string{"machine_type": {"controlplane", "worker"}},
	Rule: func(config tftypes.Value) (string, string) {
		if endpoint := at(config, "cluster_endpoint"); known(endpoint) {
			parsed, err := url.Parse(text(endpoint))
			if err != nil || parsed.Scheme != "https" || parsed.Port() == "" {
				return "cluster_endpoint", fmt.Sprintf("must be an https URL with a port, got: %q", text(endpoint))
			}
		}
		if name := at(config, "cluster_name"); known(name) && text(name) == "" {
			return "cluster_name", "must have at least 1 character"
		}
		return "", ""
	},
}

// attach writes the facts that belong to a field onto it. Fields that a pruned schema lacks are left out.
func (f typeFacts) attach(t *Type) {
	for path, allowed := range f.OneOf {
		if field := t.field(path); field != nil {
			field.OneOf = allowed
		}
	}
	for path, bounds := range f.Between {
		if field := t.field(path); field != nil {
			field.Checks = append(field.Checks, check{
				Text:    fmt.Sprintf("value must be between %d and %d", bounds[0], bounds[1]),
				Refuses: outside(fmt.Sprint(bounds[0]), fmt.Sprint(bounds[1])),
			})
		}
	}
	for _, path := range f.Deprecated {
		if field := t.field(path); field != nil {
			field.Deprecated = true
		}
	}
	for _, path := range f.ComputedMembers {
		if field := t.field(path); field != nil {
			field.Computed = true
		}
	}
}
