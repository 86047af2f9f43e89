package keeper

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"kapu/agent"
	"kapu/internal/wait"
)

// Another user of the machine who opens connections and leaves them open does not keep the person out, and does not
// get more of them than there is room for.
func TestStrangersCannotFillTheAgent(t *testing.T) {
	c, _, paths := running(t)
	l := locator(t, paths)
	mustAdd(t, c, "Alfa Kft.", key)
	events, err := c.Events(t.Context()) // of a face that is there all the time
	if err != nil {
		t.Fatal(err)
	}
	var strangers []net.Conn
	for i := range 3 * maxGuests {
		conn, err := net.Dial("tcp", l.Address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if i%2 == 0 { // half of them say something first, and could stay for ever on a connection that is kept alive
			_, _ = conn.Write([]byte("GET /v1/hello HTTP/1.1\r\nHost: " + l.Address + "\r\n\r\n"))
		}
		strangers = append(strangers, conn)
		if i%maxGuests == 0 { // a busy machine may need longer than a face waits, and then a person tries again
			wait.Until(t, fmt.Sprintf("an answer beside %d strangers", i), func() bool {
				other, err := agent.Dial(t.Context(), paths)
				if err == nil {
					_, err = other.Find(t.Context(), "alfa")
				}
				return err == nil
			})
		}
	}
	wait.Until(t, "most strangers to have been turned away", func() bool {
		left := 0
		for _, conn := range strangers {
			_ = conn.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
			if _, err := io.Copy(io.Discard, conn); errors.Is(err, os.ErrDeadlineExceeded) {
				left++
			}
		}
		return left <= maxGuests
	})
	if _, err := c.Code(t.Context(), "alfa", false); err != nil {
		t.Error(err)
	}
	if e := <-events; e.Type != agent.Changed {
		t.Errorf("the face that was there hears %+v", e)
	}
}

// A stranger cannot make the agent read for long, neither by its length nor by a header without end.
func TestStrangersAreNotReadForLong(t *testing.T) {
	_, _, paths := running(t)
	l := locator(t, paths)
	conn, err := net.Dial("tcp", l.Address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, _ = conn.Write([]byte("GET /v1/hello HTTP/1.1\r\nHost: " + l.Address + "\r\nKapu-Nonce: "))
	go func() {
		for line := strings.Repeat("a", 4096); ; {
			if _, err := conn.Write([]byte(line)); err != nil {
				return
			}
		}
	}()
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err == nil && answer.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("got %s", answer.Status)
	}
}
