//go:build windows

// Command msedge is a browser in the tests: beside itself it leaves a file with its arguments and, last, what the page
// that it was told to show answers.
package main

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
)

func main() {
	said := append(os.Args[1:], "no page")
	for _, arg := range os.Args[1:] {
		if link, err := url.Parse(strings.TrimPrefix(arg, "--app=")); err == nil && link.Scheme == "http" {
			said[len(said)-1] = get(link)
		}
	}
	program, _ := os.Executable()
	whole := program + ".new"
	_ = os.WriteFile(whole, []byte(strings.Join(said, "\n")), 0o600)
	_ = os.Rename(whole, program+".txt")
}

// get asks for a page as a browser does that knows where names under localhost are.
func get(link *url.URL) string {
	client := http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			_, port, err := net.SplitHostPort(address)
			if err != nil {
				return nil, err
			}
			return new(net.Dialer).DialContext(ctx, network, "127.0.0.1:"+port)
		},
	}}
	answer, err := client.Get(link.String())
	if err != nil {
		return err.Error()
	}
	answer.Body.Close()
	return answer.Status
}
