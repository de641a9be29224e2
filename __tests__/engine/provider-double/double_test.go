package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

const schema = `{"provider_schemas": {"registry.terraform.io/example/toy": {
  "resource_schemas": {
    "toy_box": {"version": 3, "block": {
      "attributes": {
        "id": {"type": "string", "computed": true, "optional": true},
        "name": {"type": "string", "required": true},
        "size": {"type": "number", "optional": true},
        "nics": {"type": ["list", ["object", {"bridge": "string"}]], "optional": true, "computed": true}
      },
      "block_types": {"lid": {"nesting_mode": "list", "max_items": 1, "block": {"attributes": {
        "kind": {"type": "string", "optional": true},
        "serial": {"type": "string", "computed": true}
      }}}}
    }},
    "toy_set": {"version": 0, "block": {"attributes": {
      "id": {"type": "string", "computed": true},
      "secret": {"type": "string", "optional": true, "write_only": true},
      "parts": {"optional": true, "nested_type": {"nesting_mode": "set", "attributes": {
        "name": {"type": "string", "required": true},
        "uid": {"type": "string", "computed": true}
      }}}
    }}}
  }
}}}`

const behaviours = `{"toy_box": {
  "default": {"size": 8, "nics.bridge": "vmbr0"},
  "replace": ["lid.kind"],
  "replace_measured": ["name (unless size = 9)"],
  "one_of": {"lid.kind": ["flat", "round"]}
}}`

func toys(t *testing.T, behaviour string) (*Provider, error) {
	t.Helper()
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "behaviour"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{"toy.json": schema, "behaviour/toy.json": behaviour} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return loadProvider(dir, "toy")
}

func toy(t *testing.T, name string) *Type {
	t.Helper()
	provider, err := toys(t, behaviours)
	if err != nil {
		t.Fatal(err)
	}
	return provider.Resources[name]
}

func value(t *testing.T, typ *Type, content string) tftypes.Value {
	t.Helper()
	v, err := tftypes.ValueFromJSON([]byte(content), typ.Object)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

const boxConfig = `{"id": null, "name": "a", "size": null, "nics": [{"bridge": null}], "lid": [{"kind": "flat", "serial": null}]}`

func TestVersionNumbersAreKept(t *testing.T) {
	if version := toy(t, "toy_box").Proto.Version; version != 3 {
		t.Errorf("version %d", version)
	}
}

func TestOnlyTypesOfTheOldSDKAreLegacy(t *testing.T) {
	if !toy(t, "toy_box").Legacy || toy(t, "toy_set").Legacy {
		t.Error("toy_box is of the old SDK, toy_set is not")
	}
}

func TestBehaviourOfAnUnknownAttributeIsRefused(t *testing.T) {
	_, err := toys(t, `{"toy_box": {"replace": ["lid.colour"]}}`)
	if err == nil || !strings.Contains(err.Error(), `behaviour of toy_box: "lid.colour" is not in the schema`) {
		t.Errorf("got %v", err)
	}
}

func TestPlanOfANewObject(t *testing.T) {
	box := toy(t, "toy_box")
	planned := planObject(box.Fields, value(t, box, boxConfig), tftypes.Value{})
	if size := text(at(planned, "size")); size != "8" {
		t.Errorf("the default size is 8, planned %q", size)
	}
	if bridge := text(at(planned, "nics.0.bridge")); bridge != "vmbr0" {
		t.Errorf("defaults reach into attribute-mode blocks, planned %q", bridge)
	}
	for _, path := range []string{"id", "lid.0.serial"} {
		if at(planned, path).IsKnown() {
			t.Errorf("%s must be unknown", path)
		}
	}
}

func TestFilledValuesAreStable(t *testing.T) {
	box := toy(t, "toy_box")
	config := value(t, box, boxConfig)
	planned := planObject(box.Fields, config, tftypes.Value{})
	first, err := fill(box, planned, config)
	if err != nil {
		t.Fatal(err)
	}
	second, _ := fill(box, planned, config)
	if !first.IsFullyKnown() || !first.Equal(second) {
		t.Errorf("%s and %s", first, second)
	}
	if replanned := planObject(box.Fields, config, first); !replanned.Equal(first) {
		t.Errorf("the second plan is not empty: %s", replanned)
	}
}

func TestReplacements(t *testing.T) {
	box := toy(t, "toy_box")
	prior := value(t, box, `{"id": "1", "name": "a", "size": 8, "nics": [], "lid": [{"kind": "flat", "serial": "s"}]}`)
	cases := map[string]struct {
		planned string
		want    string
	}{
		"nothing changed": {`{"id": "1", "name": "a", "size": 8, "nics": [], "lid": [{"kind": "flat", "serial": "s"}]}`, ""},
		"in place":        {`{"id": "1", "name": "a", "size": 7, "nics": [], "lid": [{"kind": "flat", "serial": "s"}]}`, ""},
		"inside a block":  {`{"id": "1", "name": "a", "size": 8, "nics": [], "lid": [{"kind": "round", "serial": "s"}]}`, "lid.kind"},
		"block removed":   {`{"id": "1", "name": "a", "size": 8, "nics": [], "lid": []}`, "lid.kind"},
		"condition false": {`{"id": "1", "name": "b", "size": 8, "nics": [], "lid": [{"kind": "flat", "serial": "s"}]}`, "name"},
		"condition true":  {`{"id": "1", "name": "b", "size": 9, "nics": [], "lid": [{"kind": "flat", "serial": "s"}]}`, ""},
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			got := ""
			for _, path := range replacements(box, prior, value(t, box, test.planned)) {
				got += dotted(path)
			}
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestMeasuredReplacementsCompareTwoValues(t *testing.T) {
	provider, err := toys(t, `{"toy_box": {"replace_measured": ["lid.kind"]}}`)
	if err != nil {
		t.Fatal(err)
	}
	box := provider.Resources["toy_box"]
	lid := func(blocks string) tftypes.Value {
		return value(t, box, `{"id": "1", "name": "a", "size": 8, "nics": [], "lid": [`+blocks+`]}`)
	}
	flat, round := lid(`{"kind": "flat", "serial": "s"}`), lid(`{"kind": "round", "serial": "s"}`)
	for name, test := range map[string]struct {
		prior, planned tftypes.Value
		want           int
	}{
		"changed": {flat, round, 1}, "comes": {lid(""), flat, 0}, "goes": {flat, lid(""), 0},
	} {
		if got := replacements(box, test.prior, test.planned); len(got) != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestElementsOfASetKeepTheirComputedValues(t *testing.T) {
	set := toy(t, "toy_set")
	prior := value(t, set, `{"id": "1", "secret": null, "parts": [{"name": "a", "uid": "ua"}, {"name": "b", "uid": "ub"}]}`)
	config := value(t, set, `{"id": null, "secret": null, "parts": [{"name": "b", "uid": null}, {"name": "c", "uid": null}]}`)
	planned := elements(at(planObject(set.Fields, config, prior), "parts"))
	if uid := text(at(planned[0], "uid")); uid != "ub" {
		t.Errorf("b was there before, its uid became %q", uid)
	}
	if at(planned[1], "uid").IsKnown() {
		t.Error("c is new, its uid must be unknown")
	}
}

func TestWriteOnlyValuesAreNotPlanned(t *testing.T) {
	set := toy(t, "toy_set")
	config := value(t, set, `{"id": null, "secret": "s3cret", "parts": null}`)
	if secret := at(planObject(set.Fields, config, tftypes.Value{}), "secret"); !secret.IsNull() {
		t.Errorf("planned %s", secret)
	}
}

func TestRefusalsCarryTheirPath(t *testing.T) {
	box := toy(t, "toy_box")
	diagnostics := validate(box, value(t, box, strings.Replace(boxConfig, "flat", "square", 1)))
	want := tftypes.NewAttributePath().WithAttributeName("lid").WithElementKeyInt(0).WithAttributeName("kind")
	if len(diagnostics) != 1 || !diagnostics[0].Attribute.Equal(want) {
		t.Fatalf("got %v", diagnostics)
	}
	if text := diagnostics[0].Detail; text != `lid.kind: value must be one of: ["flat" "round"], got: "square"` {
		t.Error(text)
	}
}

func TestChecks(t *testing.T) {
	list := func(values ...string) tftypes.Value {
		var parts []tftypes.Value
		for _, value := range values {
			parts = append(parts, str(value))
		}
		return tftypes.NewValue(tftypes.List{ElementType: tftypes.String}, parts)
	}
	num := func(n float64) tftypes.Value { return tftypes.NewValue(tftypes.Number, n) }
	cases := []struct {
		text      string
		good, bad tftypes.Value
	}{
		{`value must be one of: ["gz" "zst"]`, str("gz"), str("xz")},
		{`value must be between 1 and 4094`, num(4094), num(4095)},
		{`value must be between 0.000000 and 128.000000`, num(0.5), num(-1)},
		{`value must be at least 1; value must be at most 10`, num(10), num(11)},
		{`string length must be between 1 and 3`, str("abc"), str("abcd")},
		{`UTF-8 character count must be at least 1; must not start with whitespace; must not end with whitespace`, str("ä"), str("a ")},
		{`set must contain at least 1 elements`, list("a"), list()},
		{`element value must satisfy all validations: value must be one of: ["iso" "import"]`, list("iso"), list("iso", "tar")},
		{`Value must satisfy at least one of the validations: value must be one of: ["cdrom" "none"] + must be in the format "<datastore name>:<content type>/<file name>"`, str("none"), str("disk")},
		{`must be a string containing a sequence of decimal numbers, each with optional fraction`, str("1h30m"), str("90")},
		{`expected "K" to be an empty string: got probe ; invalid value for K (must be a valid DNS name) ;`, str(""), str("a_b")},
		{`invalid value for K (must contain numbers or number ranges separated by ';') ;`, str("0-3;5"), str("0,3")},
		{`expected "K" to be a valid MAC address (A0:B1:C2:D3:E4:F5), got "\x00probe" ;`, str("BC:24:11:00:00:01"), str("BC:24:11")},
		{`K: "\x00probe" is not a valid hotplug feature (must be cpu, disk, memory, network, usb, 0, or 1) ;`, str("cpu,disk"), str("cpu,cpu")},
		{`invalid value for K (must be a valid machine type) ;`, str("pc-q35-9.2+pve1,viommu=intel"), str("q36")},
		{"must match HTTP URL regex `https?://.*`", str("http://a"), str("ftp://a")},
		{`not a valid Linux device path for hardware mapping of type "pci"`, str("0000:01:00.0"), str("01:00.0")},
		{`must be a valid RFC3339 date`, str("2030-01-01T00:00:00Z"), str("2030-01-01")},
	}
	for _, test := range cases {
		t.Run(test.text, func(t *testing.T) {
			checks := parseChecks(test.text)
			if len(checks) == 0 {
				t.Fatal("not understood")
			}
			if refusedBy(checks, test.good) {
				t.Errorf("%s must pass", test.good)
			}
			if !refusedBy(checks, test.bad) {
				t.Errorf("%s must be refused", test.bad)
			}
		})
	}
}

func refusedBy(checks []check, v tftypes.Value) bool {
	for _, check := range checks {
		if check.Refuses(v) {
			return true
		}
	}
	return false
}

func TestPlainValuesAreReadBack(t *testing.T) {
	box := toy(t, "toy_box")
	object := value(t, box, `{"id": "1", "name": "a", "size": 12345678901234567890, "nics": [{"bridge": null}], "lid": []}`)
	content, err := json.Marshal(plain(object, box.Object))
	if err != nil {
		t.Fatal(err)
	}
	if back := value(t, box, string(content)); !back.Equal(object) {
		t.Errorf("%s became %s", object, back)
	}
}

func TestFaultSpecifications(t *testing.T) {
	fault, err := parseFault("apply:toy_box@user@pve!x:y:2")
	if err != nil || fault.label != "user@pve!x:y" || fault.n != 2 {
		t.Errorf("%+v, %v", fault, err)
	}
	for _, bad := range []string{"apply", "apply:toy_box", "apply:toy_box:0", "aply:toy_box:1"} {
		if _, err := parseFault(bad); err == nil {
			t.Errorf("%q must be refused", bad)
		}
	}
}

func TestCallsAreCountedAcrossProcessesOfAWorld(t *testing.T) {
	dir := t.TempDir()
	environment := map[string]string{"PROVIDER_DOUBLE_FAIL": "apply:toy_box:2"}
	for call, wantFailure := range []bool{false, true, false} {
		faults, err := newFaults(func(name string) string { return environment[name] })
		if err != nil {
			t.Fatal(err)
		}
		if err := faults.fail(openWorld(dir), "create", "toy_box", "a"); (err != nil) != wantFailure {
			t.Errorf("call %d: %v", call+1, err)
		}
	}
}

func TestWaitEndsWhenTerraformStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	done := make(chan struct{})
	go func() {
		wait(ctx, time.Hour)
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Error("still waiting")
	}
}

func TestProviderName(t *testing.T) {
	for executable, want := range map[string]string{
		"/x/terraform-provider-proxmox_v0.111.1":       "proxmox",
		"terraform-provider-google-beta_v5.0.0_x5.exe": "google-beta",
		"/x/terraform-provider-talos":                  "talos",
	} {
		if got, err := providerName(executable); err != nil || got != want {
			t.Errorf("%s: %q, %v", executable, got, err)
		}
	}
	if _, err := providerName("/x/provider-double"); err == nil {
		t.Error("a name that tells no provider must be refused")
	}
}

func TestAFailedStartIsToldToTerraform(t *testing.T) {
	_, err := newServer("terraform-provider-toy", func(string) string { return "" })
	response, _ := (&broken{reason: err}).GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{})
	if !strings.Contains(response.Diagnostics[0].Detail, "PROVIDER_DOUBLE_SCHEMAS is not set") {
		t.Error(response.Diagnostics[0].Detail)
	}
}

func TestDisksThatCannotChange(t *testing.T) {
	vm := func(id, disks string) tftypes.Value {
		typ := tftypes.Object{AttributeTypes: map[string]tftypes.Type{
			"vm_id": tftypes.Number,
			"disk": tftypes.List{ElementType: tftypes.Object{AttributeTypes: map[string]tftypes.Type{
				"interface": tftypes.String, "size": tftypes.Number, "datastore_id": tftypes.String, "path_in_datastore": tftypes.String,
			}}},
		}}
		v, err := tftypes.ValueFromJSON([]byte(`{"vm_id": `+id+`, "disk": [`+disks+`]}`), typ)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	disk := func(size, datastore, path string) string {
		return `{"interface": "scsi1", "size": ` + size + `, "datastore_id": "` + datastore + `", "path_in_datastore": "` + path + `"}`
	}
	own, foreign := "vm-500-disk-1", "900/vm-900-disk-0.qcow2"
	for _, test := range []struct {
		name, before, after, problem string
	}{
		{"grows", disk("8", "a", own), disk("9", "a", own), ""},
		{"shrinks", disk("9", "a", own), disk("8", "a", own), own + " cannot shrink"},
		{"moves", disk("8", "a", own), disk("8", "b", own), ""},
		{"foreign grows", disk("8", "a", foreign), disk("9", "a", foreign), foreign + " cannot be resized or moved, it is not owned by this VM"},
		{"foreign moves", disk("8", "a", foreign), disk("8", "b", foreign), foreign + " cannot be resized or moved, it is not owned by this VM"},
		{"foreign comes", "", disk("8", "a", foreign), ""},
		{"foreign goes", disk("8", "a", foreign), "", ""},
	} {
		if _, problem := updateDisks(vm("500", test.before), vm("500", test.after)); problem != test.problem {
			t.Errorf("%s: %q, expected %q", test.name, problem, test.problem)
		}
	}
}
