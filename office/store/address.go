package store

import (
	"net"
	"net/url"
	"strings"

	"kapu/lang"
)

// bucket is a parsed s3 address.
type bucket struct {
	endpoint     *url.URL
	name, folder string // folder is "" or ends with a slash
	region       string
	encrypted    bool
}

// where is the display name of the bucket in an error.
func (b bucket) where() string { return b.endpoint.Host + "/" + b.name }

// defaultRegion is the one that S3 servers other than Amazon's have. Naming one saves a request for it.
const defaultRegion = "us-east-1"

// parseS3 parses and validates an s3 address. The errors do not repeat it, for it may contain a secret that it should
// not.
func parseS3(address string) (b bucket, err error) {
	say := func(id string, values ...any) (bucket, error) {
		return bucket{}, lang.E("store-address", "Reason", lang.E(id, values...))
	}
	u, err := url.Parse(address)
	if err != nil {
		return say("store-address-form")
	}
	options, err := url.ParseQuery(u.RawQuery)
	if err != nil || u.Opaque != "" || u.Fragment != "" {
		return say("store-address-form")
	}
	for option := range options {
		if option != "endpoint" && option != "region" {
			return say("store-address-option", "Option", option)
		}
	}
	b.endpoint, err = url.Parse(options.Get("endpoint"))
	if err != nil {
		return say("store-address-form")
	}
	if u.User != nil || b.endpoint.User != nil {
		return say("store-address-secret")
	}
	b.encrypted = b.endpoint.Scheme == "https"
	switch {
	case b.endpoint.Host == "" || strings.Trim(b.endpoint.Path, "/") != "" ||
		b.endpoint.RawQuery != "" || b.endpoint.Fragment != "":
		return say("store-address-endpoint")
	case b.endpoint.Scheme == "http" && !isLoopback(b.endpoint.Hostname()):
		return say("store-address-open")
	case !b.encrypted && b.endpoint.Scheme != "http":
		return say("store-address-endpoint")
	}
	b.name, b.folder = u.Host, strings.Trim(u.Path, "/")
	if !isBucketName(b.name) {
		return say("store-address-bucket", "Name", b.name)
	}
	if b.folder != "" {
		if !ValidName(b.folder) {
			return say("store-address-folder", "Name", b.folder)
		}
		b.folder += "/"
	}
	if b.region = options.Get("region"); b.region == "" {
		b.region = defaultRegion
	}
	return b, nil
}

// isBucketName says whether S3 allows a bucket of that name: three to 63 letters, digits, hyphens and dots, whose parts
// between dots begin and end with a letter or digit, and which is no IP address.
func isBucketName(name string) bool {
	if len(name) < 3 || len(name) > 63 || net.ParseIP(name) != nil ||
		strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-.") != "" {
		return false
	}
	for part := range strings.SplitSeq(name, ".") {
		if part == "" || part[0] == '-' || part[len(part)-1] == '-' {
			return false
		}
	}
	return true
}

// isLoopback says whether a host is this machine, to which plain HTTP is allowed.
func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
