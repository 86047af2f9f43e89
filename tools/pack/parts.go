package main

import (
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// The list of parts (SBOM) in the form of CycloneDX 1.6. It says what the built program itself says it is made of,
// not what a file of the repository asks for.
type (
	parts struct {
		Format     string      `json:"bomFormat"`
		Spec       string      `json:"specVersion"`
		Serial     string      `json:"serialNumber"`
		Version    int         `json:"version"`
		Metadata   metadata    `json:"metadata"`
		Components []component `json:"components"`
		Uses       []uses      `json:"dependencies"`
	}
	metadata struct {
		Timestamp string    `json:"timestamp"`
		Component component `json:"component"`
	}
	component struct {
		Ref        string     `json:"bom-ref"`
		Type       string     `json:"type"`
		Name       string     `json:"name"`
		Version    string     `json:"version"`
		PURL       string     `json:"purl"`
		Hashes     []hash     `json:"hashes,omitempty"`
		Properties []property `json:"properties,omitempty"`
	}
	hash struct {
		Algorithm string `json:"alg"`
		Content   string `json:"content"`
	}
	property struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
	uses struct {
		Ref string   `json:"ref"`
		On  []string `json:"dependsOn"`
	}
)

func (r *release) writeParts(t target, program string) error {
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		return err
	}
	data, err := os.ReadFile(program)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(data)
	return create(r.path(t, ".cdx.json"), func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(partsOf(info, sum, r.version, r.at))
	})
}

func partsOf(info *buildinfo.BuildInfo, sum [sha256.Size]byte, version string, at time.Time) parts {
	self := golang("application", info.Main.Path, version)
	self.Hashes = []hash{{"SHA-256", fmt.Sprintf("%x", sum)}}
	for _, s := range info.Settings {
		self.Properties = append(self.Properties, property{"go:build:" + s.Key, s.Value})
	}
	p := parts{
		Format: "CycloneDX", Spec: "1.6", Serial: serial(sum), Version: 1,
		Metadata:   metadata{at.Format(time.RFC3339), self},
		Components: []component{golang("library", "std", strings.TrimPrefix(info.GoVersion, "go"))},
	}
	for _, d := range info.Deps {
		if d.Replace != nil {
			d = d.Replace
		}
		c := golang("library", d.Path, d.Version)
		c.Properties = []property{{"go:sum", d.Sum}}
		p.Components = append(p.Components, c)
	}
	all := uses{Ref: self.Ref}
	for _, c := range p.Components {
		all.On = append(all.On, c.Ref)
	}
	p.Uses = []uses{all}
	return p
}

func golang(kind, path, version string) component {
	purl := "pkg:golang/" + path + "@" + strings.ReplaceAll(version, "+", "%2B")
	return component{Ref: purl, Type: kind, Name: path, Version: version, PURL: purl}
}

// serial is a UUID made of the program's checksum, so that the same program has the same list.
func serial(sum [sha256.Size]byte) string {
	sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80 // version 8: of one's own making
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}
