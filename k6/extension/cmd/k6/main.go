// Command k6 is k6 with the module k6/x/sse built in.
package main

import (
	"go.k6.io/k6/cmd"

	_ "penstock.dev/k6/extension"
)

func main() {
	cmd.Execute()
}
