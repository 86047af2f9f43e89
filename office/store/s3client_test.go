package store

import "testing"

func TestBaseURL(t *testing.T) {
	for address, want := range map[string]string{
		"s3://office?endpoint=https://s3.example.com:9000":                         "https://s3.example.com:9000/office/",
		"s3://office/folder?endpoint=http://127.0.0.1":                             "http://127.0.0.1/office/",
		"s3://office?endpoint=https://s3.amazonaws.com&region=eu-central-1":        "https://office.s3.eu-central-1.amazonaws.com/",
		"s3://office?endpoint=https://s3.eu-west-1.amazonaws.com&region=eu-west-1": "https://office.s3.eu-west-1.amazonaws.com/",
		"s3://an.office?endpoint=https://s3.eu-west-1.amazonaws.com":               "https://s3.eu-west-1.amazonaws.com/an.office/",
		"s3://office?endpoint=https://oss-eu-central-1.aliyuncs.com":               "https://office.oss-eu-central-1.aliyuncs.com/",
		"s3://office?endpoint=https://s3.amazonaws.com.example.com":                "https://s3.amazonaws.com.example.com/office/",
	} {
		b, err := parseS3(address)
		if err != nil {
			t.Errorf("%s: %v", address, err)
			continue
		}
		if base := b.base(); base.String() != want {
			t.Errorf("%s is at %s, not %s", address, base.String(), want)
		}
	}
}

func TestBucketNames(t *testing.T) {
	for name, want := range map[string]bool{
		"abc": true, "an-office.of.3": true, "0-9": true,
		"ab": false, "": false, "a_b": false, "Office": false, "iroda á": false, "-abc": false, "abc-": false, "a..b": false,
		".abc": false, "a.-b": false, "127.0.0.1": false,
		"a23456789012345678901234567890123456789012345678901234567890123":  true,
		"a234567890123456789012345678901234567890123456789012345678901234": false,
	} {
		if isBucketName(name) != want {
			t.Errorf("%q: %v", name, !want)
		}
	}
}
