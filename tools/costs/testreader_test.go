package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

// What a test prints is shown if it fails, or was running when its program died; a line for each package is always.
func TestReaderShowsWhatFailed(t *testing.T) {
	const events = `# kapu/broken
{"ImportPath":"kapu/broken","Action":"build-output","Output":"broken.go:1: no\n"}
{"Action":"output","Package":"kapu/a","Test":"TestGood","Output":"=== RUN   TestGood\n"}
{"Action":"output","Package":"kapu/a","Test":"TestGood","Output":"quiet\n"}
{"Action":"pass","Package":"kapu/a","Test":"TestGood","Elapsed":1.5}
{"Action":"output","Package":"kapu/a","Test":"TestBad","Output":"loud\n"}
{"Action":"fail","Package":"kapu/a","Test":"TestBad","Elapsed":0.5}
{"Action":"output","Package":"kapu/a","Test":"TestDead","Output":"panic: at last\n"}
{"Action":"output","Package":"kapu/a","Output":"FAIL\tkapu/a\t2s\n"}
{"Action":"fail","Package":"kapu/a","Elapsed":2}
{"Action":"output","Package":"kapu/b","Output":"PASS\n"}
{"Action":"output","Package":"kapu/b","Output":"ok  \tkapu/b\t1s\n"}
{"Action":"pass","Package":"kapu/b","Elapsed":1}
`
	const want = "# kapu/broken\nbroken.go:1: no\nloud\nFAIL\tkapu/a\t2s\npanic: at last\nok  \tkapu/b\t1s\n"
	var out bytes.Buffer
	r := testReader{out: &out, printed: map[name]string{}}
	for line := range strings.Lines(events) {
		r.line([]byte(line))
	}
	if out.String() != want {
		t.Errorf("shown:\n%s\nwant:\n%s", out.String(), want)
	}
	kept := []record{
		{Package: "kapu/a", Test: "TestGood", Seconds: 1.5},
		{Package: "kapu/a", Test: "TestBad", Seconds: 0.5, Failure: "loud\n"},
		{Package: "kapu/a", Seconds: 2},
		{Package: "kapu/a", Test: "TestDead", Failure: "panic: at last\n"},
		{Package: "kapu/b", Seconds: 1},
	}
	if !slices.Equal(r.records, kept) {
		t.Errorf("kept: %+v", r.records)
	}
}
