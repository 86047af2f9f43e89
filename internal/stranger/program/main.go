//go:build linux

// Command program is what another user of the machine does in tests: `flood COUNT PER-SECOND ADDRESS…` opens
// connections in bursts, `squat PORT TEXT` takes a port as soon as it is free and serves a page there.
package main

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

func main() {
	switch args := os.Args[1:]; args[0] {
	case "flood":
		flood(number(args[1]), number(args[2]), args[3:])
	case "squat":
		squat(args[1], args[2])
	}
}

func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		panic(err)
	}
	return n
}

const (
	// bursts is how many bursts a second has.
	bursts = 10
	// atOnce is how many connections are open at the same time.
	atOnce = 900
	// longest is how long a connection is held, if nobody ends it: far longer than it takes to be refused.
	longest = 20 * time.Second
)

// flood prints what became of the connections: how many were opened, how many could not be, and of those that waited
// how many were closed by the other end, were answered, and were kept; then the milliseconds it took.
func flood(count, perSecond int, addresses []string) {
	var opened, refused, closed, answered, kept atomic.Int64
	places := make(chan struct{}, atOnce)
	var all sync.WaitGroup
	begun := time.Now()
	for i := range count {
		if i%(perSecond/bursts) == 0 {
			time.Sleep(time.Until(begun.Add(time.Duration(i) * time.Second / time.Duration(perSecond))))
		}
		places <- struct{}{}
		all.Go(func() {
			defer func() { <-places }()
			c, err := net.DialTimeout("tcp", addresses[i%len(addresses)], longest)
			switch {
			case errors.Is(err, syscall.ECONNRESET): // before it was looked at
				opened.Add(1)
				closed.Add(1)
				return
			case err != nil:
				refused.Add(1)
				return
			}
			opened.Add(1)
			defer c.Close()
			switch i % 4 {
			case 0: // gone at once
				return
			case 1: // talks
				_, _ = c.Write([]byte("GET / HTTP/1.1\r\nHost: x\r\nX: "))
			case 2: // asks
				_, _ = fmt.Fprintf(c, "GET /v1/hello HTTP/1.1\r\nHost: %s\r\n\r\n", addresses[i%len(addresses)])
			}
			_ = c.SetReadDeadline(time.Now().Add(longest)) // and waits
			switch _, err := c.Read(make([]byte, 1)); {
			case err == nil:
				answered.Add(1)
			case errors.Is(err, os.ErrDeadlineExceeded):
				kept.Add(1)
			default:
				closed.Add(1)
			}
		})
	}
	all.Wait()
	fmt.Println(opened.Load(), refused.Load(), closed.Load(), answered.Load(), kept.Load(), time.Since(begun).Milliseconds())
}

// squat tries every millisecond.
func squat(port, text string) {
	var at net.Listener
	for {
		l, err := net.Listen("tcp4", "127.0.0.1:"+port)
		if err == nil {
			at = l
			break
		}
		time.Sleep(time.Millisecond)
	}
	fmt.Println("taken")
	_ = http.Serve(at, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if r.Method == http.MethodPost {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprintf(w, "%q", text)
			return
		}
		fmt.Fprintf(w, "<!doctype html><title>Kapu</title><p>%s<input type=password>", text)
	}))
}
