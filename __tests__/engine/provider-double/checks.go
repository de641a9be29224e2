package main

import (
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// check is one sentence of a behaviour file made mechanical.
type check struct {
	Text string
	// Refuses judges the value of the field itself.
	Refuses func(v tftypes.Value) bool
	// AlsoSet and NotSet name attributes that must (not) be set with this one; "<." climbs to the parent object.
	AlsoSet, NotSet []string
}

// parseChecks turns the text of a check into its mechanical parts. Sentences that say nothing a machine can judge
// ("Validates that the talos version is valid") give no check.
func parseChecks(text string) []check {
	if parsed := anyOf(text); parsed != nil {
		return []check{*parsed}
	}
	var checks []check
	for _, sentence := range strings.Split(protect(text), ";") {
		sentence = strings.TrimSpace(unprotect(sentence))
		if sentence == "" {
			continue
		}
		checks = append(checks, parseSentence(sentence)...)
	}
	return checks
}

const (
	elementPrefix = "element value must satisfy all validations: "
	keyPrefix     = "key must satisfy all validations: "
	allPrefix     = "Value must satisfy all of the validations: "
	anyPrefix     = "Value must satisfy at least one of the validations: "
	emptyPrefix   = `expected "K" to be an empty string: got probe`
)

// A separator in quotes belongs to the sentence.
func protect(text string) string   { return strings.ReplaceAll(text, "';'", "'\x01'") }
func unprotect(text string) string { return strings.ReplaceAll(text, "\x01", ";") }

// anyOf reads "expected to be empty; or this": both sentences are of the old SDK's Any().
func anyOf(sentence string) *check {
	rest, found := strings.CutPrefix(sentence, emptyPrefix)
	if !found {
		return nil
	}
	inner := parseChecks(strings.TrimLeft(rest, " ;"))
	if len(inner) == 0 {
		return nil
	}
	return &check{Text: inner[0].Text, Refuses: func(v tftypes.Value) bool {
		return text(v) != "" && inner[0].Refuses(v)
	}}
}

func parseSentence(sentence string) []check {
	if rest, found := strings.CutPrefix(sentence, allPrefix); found {
		return parseAll(rest)
	}
	if rest, found := strings.CutPrefix(sentence, anyPrefix); found {
		choices := parseAll(rest)
		return []check{{Text: sentence, Refuses: func(v tftypes.Value) bool {
			for _, choice := range choices {
				if !choice.Refuses(v) {
					return false
				}
			}
			return len(choices) > 0
		}}}
	}
	if rest, found := strings.CutPrefix(sentence, elementPrefix); found {
		return each(parseAll(rest), func(v tftypes.Value) []tftypes.Value {
			if v.Type().Is(tftypes.Map{}) {
				return objects(v)
			}
			return elements(v)
		})
	}
	if rest, found := strings.CutPrefix(sentence, keyPrefix); found {
		return each(parseAll(rest), func(v tftypes.Value) []tftypes.Value {
			var keys []tftypes.Value
			for _, key := range sortedKeys(members(v)) {
				keys = append(keys, str(key))
			}
			return keys
		})
	}
	if match := alsoSet.FindStringSubmatch(sentence); match != nil {
		return []check{{Text: sentence, AlsoSet: strings.Fields(match[1])}}
	}
	if match := notSet.FindStringSubmatch(sentence); match != nil {
		return []check{{Text: sentence, NotSet: strings.Fields(match[1])}}
	}
	for _, rule := range rules {
		if match := rule.sentence.FindStringSubmatch(sentence); match != nil {
			return []check{{Text: readable(sentence), Refuses: rule.refuses(match)}}
		}
	}
	return nil
}

func parseAll(sentences string) []check {
	var checks []check
	for _, sentence := range strings.Split(sentences, " + ") {
		checks = append(checks, parseSentence(sentence)...)
	}
	return checks
}

func each(inner []check, parts func(tftypes.Value) []tftypes.Value) []check {
	var checks []check
	for _, one := range inner {
		checks = append(checks, check{Text: one.Text, Refuses: func(v tftypes.Value) bool {
			for _, part := range parts(v) {
				if part.IsKnown() && one.Refuses(part) {
					return true
				}
			}
			return false
		}})
	}
	return checks
}

// The old SDK's sentences were recorded with K for the attribute and "probe" for the value.
func readable(sentence string) string {
	sentence = regexp.MustCompile(`,? (- )?got:? "?(\\x00)?probe"?.*$`).ReplaceAllString(sentence, "")
	sentence = regexp.MustCompile(`^K: "\\x00probe" is `).ReplaceAllString(sentence, "value is ")
	return strings.NewReplacer(`"K"`, "value", " K ", " value ", "of K", "of the value").Replace(sentence)
}

var (
	alsoSet = regexp.MustCompile(`^Ensure that if an attribute is set, also these are set: "\[(.*)\]"$`)
	notSet  = regexp.MustCompile(`^Ensure that if an attribute is set, these are not set: "\[(.*)\]"$`)
)

type rule struct {
	sentence *regexp.Regexp
	refuses  func(match []string) func(tftypes.Value) bool
}

var rules = []rule{
	{regexp.MustCompile(`^value must be one of: \[(.*)\]$`), func(m []string) func(tftypes.Value) bool {
		allowed := quoted(m[1])
		return func(v tftypes.Value) bool { return !contains(allowed, text(v)) }
	}},
	{regexp.MustCompile(`^value must be between (\S+) and (\S+)$`), func(m []string) func(tftypes.Value) bool {
		return outside(m[1], m[2])
	}},
	{regexp.MustCompile(`^value must be at least (\S+)$`), func(m []string) func(tftypes.Value) bool {
		return outside(m[1], "")
	}},
	{regexp.MustCompile(`^value must be at most (\S+)$`), func(m []string) func(tftypes.Value) bool {
		return outside("", m[1])
	}},
	{regexp.MustCompile(`^string length must be between (\d+) and (\d+)$`), func(m []string) func(tftypes.Value) bool {
		return lengthOutside(m[1], m[2])
	}},
	{regexp.MustCompile(`^(?:string length|UTF-8 character count) must be at least (\d+)$`), func(m []string) func(tftypes.Value) bool {
		return lengthOutside(m[1], "")
	}},
	{regexp.MustCompile(`^(?:string length|UTF-8 character count) must be at most (\d+)$`), func(m []string) func(tftypes.Value) bool {
		return lengthOutside("", m[1])
	}},
	{regexp.MustCompile(`^(?:set|list|map) must contain at least (\d+) elements$`), func(m []string) func(tftypes.Value) bool {
		least, _ := strconv.Atoi(m[1])
		return func(v tftypes.Value) bool { return len(elements(v))+len(members(v)) < least }
	}},
	fixed(`^must be a string containing a sequence of decimal numbers`, func(s string) bool { return isDuration(s) }),
	fixed(`^expected value of K to be a duration`, func(s string) bool { return isDuration(s) }),
	fixed(`^must not start with whitespace$`, func(s string) bool { return strings.TrimLeft(s, " \t\r\n") == s }),
	fixed(`^must not end with whitespace$`, func(s string) bool { return strings.TrimRight(s, " \t\r\n") == s }),
	fixed(`^must be a non-empty and non-whitespace string$`, func(s string) bool { return strings.TrimSpace(s) != "" }),
	fixed(`^must not contain commas`, func(s string) bool { return !strings.ContainsAny(s, ",=") }),
	fixed(`must not end with a newline`, func(s string) bool { return !strings.HasSuffix(s, "\n") }),
	fixed(`^must be a valid RFC3339 date$|to be a valid RFC3339 date`, func(s string) bool {
		_, err := time.Parse(time.RFC3339, s)
		return err == nil
	}),
	fixed(`^must be a valid MAC address$|to be a valid MAC address`, func(s string) bool {
		mac, err := net.ParseMAC(s)
		return err == nil && len(mac) == 6
	}),
	fixed(`^must be a valid URL$`, func(s string) bool {
		parsed, err := url.Parse(s)
		return err == nil && parsed.Scheme != "" && parsed.Host != ""
	}),
	fixed(`^failed to parse file mode`, func(s string) bool {
		_, err := strconv.ParseInt(s, 8, 64)
		return err == nil
	}),
	fixed(`is not a valid hotplug feature`, isHotplug),
	matching("^must match HTTP URL regex", `^https?://.*`),
	matching(`^must start with a letter, end with a letter or number, be composed of letters`, `^[a-zA-Z][a-zA-Z0-9_.-]*[a-zA-Z0-9]$`),
	matching(`^value must be a valid hardware mapping device ID`, `^[0-9A-Fa-f]{4}:[0-9A-Fa-f]{4}$`),
	matching(`^not a valid Linux device path for hardware mapping of type "pci"`, `^[0-9a-f]{4,}:[0-9a-f]{2}:[0-9a-f]{2}(\.[0-9a-f])?(;[0-9a-f]{4,}:[0-9a-f]{2}:[0-9a-f]{2}(\.[0-9a-f])?)*$`),
	matching(`^not a valid Linux device path for hardware mapping of type "dir"`, `^/.+`),
	matching(`^not a valid Linux device path for hardware mapping of type "usb"`, `^\d+-\d+(\.\d+)*$`),
	matching(`^value must be a valid HA resource identifier$`, `^((vm|ct):)?\d+$`),
	matching(`^value must be a valid HA resource state$`, `^(started|stopped|enabled|disabled|ignored)$`),
	matching(`^value must be a valid HA resource type$`, `^(vm|ct)$`),
	matching(`^must be in format type:id`, `^[a-z]+:\d+$`),
	matching(`^must be a valid Proxmox node name$`, `^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$`),
	matching(`^must contain only letters, numbers, and underscores \(_\), start with a letter, and be no longer than 10`, `^[a-zA-Z][a-zA-Z0-9_]{0,9}$`),
	matching(`^must be an alphanumeric string that starts with a character and is at most 10`, `^[a-zA-Z][a-zA-Z0-9]{0,9}$`),
	matching(`^must be a space-separated list of VLAN IDs or ranges`, `^\d+(-\d+)?( \d+(-\d+)?)*$`),
	matching(`must contain numbers or number ranges separated by ','`, `^(\d+(-\d+)?(,\d+(-\d+)?)*)?$`),
	matching(`must contain numbers or number ranges separated by ';'`, `^\d+(-\d+)?(;\d+(-\d+)?)*$`),
	matching(`to be a valid file identifier`, `^[^:]+:[^/]+/.+$|^$`),
	matching(`^must be in the format .<datastore name>:<content type>/<file name>`, `^[^:]+:[^/]+/.+$`),
	matching(`must be a valid machine type`, `^$|^(pc|pc-i440fx-\d+\.\d+(\+pve\d+)?|q35|pc-q35-\d+\.\d+(\+pve\d+)?|virt|virt-\d+\.\d+(\+pve\d+)?)(,viommu=(intel|virtio))?$`),
	matching(`must be a valid DNS name`, `^([a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)(\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$`),
	matching("one of `ide\\[0-3\\]`, `sata\\[0-5\\]`, `scsi\\[0-13\\]`", `^(ide[0-3]|sata[0-5]|scsi([0-9]|1[0-3]))$`),
	matching("one of `ide\\[0-3\\]`, `sata\\[0-5\\]`, `scsi\\[0-30\\]`|one of ide0..3", `^(ide[0-3]|sata[0-5]|scsi([0-9]|[12][0-9]|30))$`),
	matching(`^must be a disk slot like`, `^(scsi|virtio|sata|ide)\d+$`),
	matching(`^must be a net interface key`, `^net\d+$`),
	matching(`numa node device ID must be in the format 'numaX'`, `^numa\d+$`),
	matching(`to be '/dev/\*' or 'socket'`, `^(/dev/.+|socket)$`),
	matching(`^must be an absolute file path$`, `^/`),
	matching(`^id must be <GUEST>-<JOBNUM>$`, `^\d+-\d+$`),
	matching(`^file name must end with \.tar$`, `\.tar$`),
	matching(`^must be a valid token identifier$`, `^[A-Za-z][A-Za-z0-9.\-_]+$`),
	matching(`^must be a valid realm identifier$`, `^[A-Za-z][A-Za-z0-9.\-_]+$`),
	matching(`^must be a valid SDN identifier$`, `^[a-z][a-z0-9]*$`),
}

// fixed is a sentence about a string that always means the same.
func fixed(sentence string, accepts func(string) bool) rule {
	return rule{regexp.MustCompile(sentence), func([]string) func(tftypes.Value) bool {
		return func(v tftypes.Value) bool { return known(v) && !accepts(text(v)) }
	}}
}

func matching(sentence, pattern string) rule {
	compiled := regexp.MustCompile(pattern)
	return fixed(sentence, compiled.MatchString)
}

func outside(least, most string) func(tftypes.Value) bool {
	return func(v tftypes.Value) bool {
		n, _ := number(v).Float64()
		low, lowErr := strconv.ParseFloat(least, 64)
		high, highErr := strconv.ParseFloat(most, 64)
		return (lowErr == nil && n < low) || (highErr == nil && n > high)
	}
}

func lengthOutside(least, most string) func(tftypes.Value) bool {
	return func(v tftypes.Value) bool {
		length := len([]rune(text(v)))
		low, lowErr := strconv.Atoi(least)
		high, highErr := strconv.Atoi(most)
		return (lowErr == nil && length < low) || (highErr == nil && length > high)
	}
}

func isDuration(s string) bool {
	_, err := time.ParseDuration(s)
	return err == nil
}

func isHotplug(s string) bool {
	if s == "0" || s == "1" || s == "" {
		return true
	}
	seen := map[string]bool{}
	for _, feature := range strings.Split(s, ",") {
		if seen[feature] || !contains([]string{"cpu", "disk", "memory", "network", "usb"}, feature) {
			return false
		}
		seen[feature] = true
	}
	return true
}

var quotedString = regexp.MustCompile(`"([^"]*)"`)

func quoted(list string) []string {
	var values []string
	for _, match := range quotedString.FindAllStringSubmatch(list, -1) {
		values = append(values, match[1])
	}
	return values
}

func contains(list []string, value string) bool {
	for _, candidate := range list {
		if candidate == value {
			return true
		}
	}
	return false
}

// oneOf words a refusal with the values allowed.
func oneOf(allowed []string, value string) string {
	return fmt.Sprintf("value must be one of: %q, got: %q", allowed, value)
}
