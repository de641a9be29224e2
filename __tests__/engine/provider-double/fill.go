package main

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"path"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// fill gives every unknown value the value that it has after the work is done. The same type with the same label gets
// the same values in every run. The configuration is needed for write-only attributes, which the plan does not carry.
func fill(t *Type, planned, config tftypes.Value) (tftypes.Value, error) {
	f := &filler{t: t, root: planned, config: config, label: label(planned)}
	return tftypes.Transform(planned, func(p *tftypes.AttributePath, v tftypes.Value) (tftypes.Value, error) {
		if v.IsKnown() {
			return v, nil
		}
		return f.value(dotted(p), p.String(), v.Type()), nil
	})
}

// openComputed turns what the configuration of a data source or ephemeral resource leaves to the provider into
// unknown values, ready to be filled.
func openComputed(t *Type, config tftypes.Value) tftypes.Value {
	return planObject(t.Fields, config, tftypes.Value{})
}

type filler struct {
	t            *Type
	root, config tftypes.Value
	label        string
}

// value makes a value for a dotted path; seed also tells elements of one list apart.
func (f *filler) value(at, seed string, t tftypes.Type) tftypes.Value {
	if special, ok := f.special(at, seed, t); ok {
		return special
	}
	field := f.t.field(at)
	if field != nil && len(field.OneOf) > 0 && t.Is(tftypes.String) {
		return str(field.OneOf[0])
	}
	name := at[strings.LastIndex(at, ".")+1:]
	if f.t.Legacy && field != nil && field.Optional && name != "id" && name != "name" {
		return zero(t)
	}
	switch typed := t.(type) {
	case tftypes.Object:
		object := map[string]tftypes.Value{}
		for member, memberType := range typed.AttributeTypes {
			object[member] = f.value(join(at, member), seed+"."+member, memberType)
		}
		return tftypes.NewValue(t, object)
	case tftypes.List:
		return tftypes.NewValue(t, f.sample(at, seed, typed.ElementType))
	case tftypes.Set:
		return tftypes.NewValue(t, f.sample(at, seed, typed.ElementType))
	}
	switch {
	case t.Is(tftypes.String):
		return str(f.plausible(name, seed))
	case t.Is(tftypes.Number):
		return tftypes.NewValue(t, int64(1+f.number(seed)%1000))
	case t.Is(tftypes.DynamicPseudoType):
		return null(t)
	}
	return zero(t)
}

// sample is one object where objects are expected, so that references into it resolve, and nothing otherwise.
func (f *filler) sample(at, seed string, element tftypes.Type) []tftypes.Value {
	if !element.Is(tftypes.Object{}) {
		return []tftypes.Value{}
	}
	return []tftypes.Value{f.value(at, seed+"[0]", element)}
}

func zero(t tftypes.Type) tftypes.Value {
	switch {
	case t.Is(tftypes.String):
		return str("")
	case t.Is(tftypes.Number):
		return tftypes.NewValue(t, 0)
	case t.Is(tftypes.Bool):
		return tftypes.NewValue(t, false)
	case t.Is(tftypes.Map{}):
		return tftypes.NewValue(t, map[string]tftypes.Value{})
	case t.Is(tftypes.List{}), t.Is(tftypes.Set{}):
		return tftypes.NewValue(t, []tftypes.Value{})
	}
	return null(t)
}

// plausible is a string of the form that consumers expect behind such a name.
func (f *filler) plausible(name, seed string) string {
	sum := f.sum(seed)
	digits := hex.EncodeToString(sum)
	switch {
	case name == "id":
		if f.label != "" {
			return f.label
		}
		return f.t.Name
	case strings.HasSuffix(name, "cert") || strings.HasSuffix(name, "certificate"):
		return pem("CERTIFICATE", sum)
	case name == "key" || strings.HasSuffix(name, "_key"):
		return pem("PRIVATE KEY", sum)
	case strings.HasSuffix(name, "token"):
		return digits[:6] + "." + digits[6:22]
	case strings.HasSuffix(name, "secret"):
		return base64.StdEncoding.EncodeToString(sum)
	case strings.HasSuffix(name, "hash") || name == "digest":
		return digits
	case name == "uid" || name == "uuid":
		return uuid(digits)
	case name == "host":
		return "https://" + f.label + ":6443"
	case name == "kubeconfig_raw":
		return "apiVersion: v1\nkind: Config\nclusters:\n  - name: " + f.label + "\n    cluster:\n      certificate-authority-data: " + pem("CERTIFICATE", sum) + "\n"
	case name == "talos_config":
		return "context: " + f.label + "\ncontexts:\n  " + f.label + ":\n    ca: " + pem("CERTIFICATE", sum) + "\n"
	}
	return name + "-" + digits[:12]
}

func (f *filler) sum(seed string) []byte {
	sum := sha256.Sum256([]byte(f.t.Name + "\x00" + f.label + "\x00" + seed))
	return sum[:]
}

func (f *filler) number(seed string) uint32 { return binary.BigEndian.Uint32(f.sum(seed)) }

func pem(kind string, content []byte) string {
	block := "-----BEGIN " + kind + "-----\n" + base64.StdEncoding.EncodeToString(content) + "\n-----END " + kind + "-----\n"
	return base64.StdEncoding.EncodeToString([]byte(block))
}

func uuid(digits string) string {
	return strings.Join([]string{digits[:8], digits[8:12], "4" + digits[13:16], "8" + digits[17:20], digits[20:32]}, "-")
}

// special knows the computed values that follow from the configuration.
func (f *filler) special(at, seed string, t tftypes.Type) (tftypes.Value, bool) {
	switch f.t.Name + "." + at {
	case "talos_image_factory_schematic.id":
		return str(sha256Hex(f.text("schematic"))), true
	case "talos_machine_configuration.machine_configuration":
		return str(f.machineConfiguration()), true
	case "talos_machine_configuration_apply.machine_configuration":
		return str(withPatches(f.text("machine_configuration_input"), f.root)), true
	case "talos_machine_configuration_apply.machine_configuration_hash":
		return str(sha256Hex(withPatches(f.written("machine_configuration_input"), f.root))), true
	case "talos_machine.machine_configuration_hash":
		return str(sha256Hex(f.written("machine_configuration"))), true
	case "talos_image_factory_extensions_versions.extensions_info":
		return f.extensions(t), true
	case "talos_image_factory_versions.talos_versions":
		return tftypes.NewValue(t, []tftypes.Value{str("v1.12.6"), str("v1.13.2"), str("v1.14.4")}), true
	case "talos_image_factory_urls.architecture":
		return str("amd64"), true
	case "talos_machine_secrets.talos_version", "talos_machine_configuration.talos_version":
		return str("v1.14"), true
	case "talos_cluster.control_plane_nodes":
		return tftypes.NewValue(t, []tftypes.Value{str(f.text("node"))}), true
	case "proxmox_virtual_environment_vm.vm_id":
		return tftypes.NewValue(t, f.vmID()), true
	case "proxmox_virtual_environment_vm.id":
		return str(fmt.Sprint(f.vmID())), true
	case "proxmox_virtual_environment_vm.disk.size":
		return tftypes.NewValue(t, 8), true
	case "proxmox_virtual_environment_vm.disk.path_in_datastore":
		return str(fmt.Sprintf("vm-%d-disk-%s", f.vmID(), elementIndex.FindString(seed))), true
	case "proxmox_virtual_environment_vm.network_device.mac_address":
		sum := f.sum(seed)
		return str(fmt.Sprintf("BC:24:11:%02X:%02X:%02X", sum[0], sum[1], sum[2])), true
	case "proxmox_download_file.file_name":
		return str(f.fileName()), true
	case "proxmox_download_file.id":
		return str(f.text("datastore_id") + ":" + f.text("content_type") + "/" + f.fileName()), true
	case "proxmox_user_token.value":
		return str(f.text("user_id") + "!" + f.text("token_name") + "=" + uuid(hex.EncodeToString(f.sum(seed)))), true
	}
	if url, ok := f.factoryURL(at); ok {
		return str(url), true
	}
	if source, ok := f.t.Facts.CopyOf[at]; ok && f.text(source) != "" {
		return str(f.text(source)), true
	}
	return tftypes.Value{}, false
}

var elementIndex = regexp.MustCompile(`\d+`)

func (f *filler) text(path string) string { return text(at(f.root, path)) }

// written is an input that may come through its write-only twin.
func (f *filler) written(name string) string {
	if value := text(at(f.config, name)); value != "" {
		return value
	}
	return text(at(f.config, name+"_wo"))
}

func (f *filler) vmID() int64 {
	if id := at(f.root, "vm_id"); known(id) {
		n, _ := number(id).Int64()
		return n
	}
	return int64(100 + f.number("vm_id")%900000)
}

func (f *filler) fileName() string {
	if name := f.text("file_name"); name != "" {
		return name
	}
	return path.Base(f.text("url"))
}

// machineConfiguration holds its inputs word for word, so that tests can look for them.
func (f *filler) machineConfiguration() string {
	config := fmt.Sprintf("version: v1alpha1\nmachine:\n  type: %s\n  token: %s\ncluster:\n  clusterName: %s\n  controlPlane:\n    endpoint: %s\n",
		f.text("machine_type"), f.text("machine_secrets.trustdinfo.token"), f.text("cluster_name"), f.text("cluster_endpoint"))
	if version := f.text("kubernetes_version"); version != "" {
		config += "# kubernetes " + version + "\n"
	}
	if version := f.text("talos_version"); version != "" {
		config += "# contract " + version + "\n"
	}
	return withPatches(config, f.root)
}

func withPatches(config string, root tftypes.Value) string {
	for _, patch := range elements(at(root, "config_patches")) {
		config += "---\n" + text(patch)
	}
	return config
}

func (f *filler) extensions(t tftypes.Type) tftypes.Value {
	element := t.(tftypes.List).ElementType
	infos := []tftypes.Value{}
	for _, filter := range []string{"filters.names", "exact_filters.names"} {
		for _, name := range elements(at(f.root, filter)) {
			info := f.value("extensions_info", text(name), element)
			values := members(info)
			values["name"] = name
			values["ref"] = str("ghcr.io/" + text(name) + ":" + f.text("talos_version"))
			values["digest"] = str("sha256:" + sha256Hex(text(name)))
			infos = append(infos, tftypes.NewValue(element, values))
		}
	}
	return tftypes.NewValue(t, infos)
}

func (f *filler) factoryURL(at string) (string, bool) {
	if f.t.Name != "talos_image_factory_urls" || !strings.HasPrefix(at, "urls.") {
		return "", false
	}
	platform, arch := f.text("platform"), f.text("architecture")
	if platform == "" {
		platform = f.text("sbc")
	}
	if arch == "" {
		arch = "amd64"
	}
	const factory = "factory.talos.dev"
	schematic, version := f.text("schematic_id"), f.text("talos_version")
	image := fmt.Sprintf("https://%s/image/%s/%s/", factory, schematic, version)
	switch strings.TrimPrefix(at, "urls.") {
	case "installer":
		return fmt.Sprintf("%s/%s-installer/%s:%s", factory, platform, schematic, version), true
	case "installer_secureboot":
		return fmt.Sprintf("%s/%s-installer-secureboot/%s:%s", factory, platform, schematic, version), true
	case "disk_image":
		return image + platform + "-" + arch + ".raw.xz", true
	case "disk_image_secureboot":
		return image + platform + "-" + arch + "-secureboot.raw.xz", true
	case "iso":
		return image + platform + "-" + arch + ".iso", true
	case "iso_secureboot":
		return image + platform + "-" + arch + "-secureboot.iso", true
	case "kernel":
		return image + "kernel-" + arch, true
	case "initramfs":
		return image + "initramfs-" + arch + ".xz", true
	case "kernel_command_line":
		return image + "cmdline-" + platform + "-" + arch, true
	case "uki":
		return image + platform + "-" + arch + "-uki.efi", true
	case "pxe":
		return fmt.Sprintf("https://pxe.%s/pxe/%s/%s/%s-%s", factory, schematic, version, platform, arch), true
	}
	return "", false
}

func sha256Hex(content string) string {
	sum := sha256.Sum256([]byte(content))
	return hex.EncodeToString(sum[:])
}

// dotted writes a path in the notation of the behaviour files: names only.
func dotted(p *tftypes.AttributePath) string {
	result := ""
	for _, step := range p.Steps() {
		if name, ok := step.(tftypes.AttributeName); ok {
			result = join(result, string(name))
		}
	}
	return result
}

// labels are the attributes by which people tell objects of a type apart, best first. Those of one entry are joined.
var labels = [][]string{
	{"name"}, {"metadata.0.namespace", "metadata.0.name"}, {"metadata.0.name"}, {"node_name", "file_name"}, {"node"},
	{"cluster_name"}, {"rule"}, {"group"}, {"resource_id"}, {"user_id", "token_name"}, {"pool_id", "vm_id"}, {"pool_id"},
	{"path", "role_id"}, {"role_id"}, {"user_id"}, {"node_name", "url"}, {"vm_id"}, {"node_name"}, {"schematic"},
	{"talos_version", "schematic_id"}, {"id"},
}

// label names an object by what its configuration says about it.
func label(object tftypes.Value) string {
	for _, candidate := range labels {
		var parts []string
		for _, path := range candidate {
			if part := text(at(object, path)); part != "" {
				parts = append(parts, part)
			}
		}
		if len(parts) == len(candidate) {
			return strings.Join(parts, "/")
		}
	}
	return ""
}
