package processes

import (
	"fmt"
	"net"
	"net/http"
	"time"
)

var probe = &http.Client{Timeout: 2 * time.Second}

// FreePort is a port of loopback that was free a moment ago.
func FreePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().(*net.TCPAddr).Port, nil
}

// Answers is whether a GET is answered with 200.
func Answers(url string) bool {
	answer, err := probe.Get(url)
	if err != nil {
		return false
	}
	_ = answer.Body.Close()
	return answer.StatusCode == http.StatusOK
}

// Loopback is the address of a port.
func Loopback(port int) string { return fmt.Sprintf("http://127.0.0.1:%d", port) }
