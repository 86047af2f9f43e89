// Kapu copies a client's fresh one-time code with one click in the tray. This file only starts the command line;
// CONTRIBUTING.md shows the rooms behind it.
package main

import (
	"os"

	"kapu/cli"
)

func main() { os.Exit(cli.Main(os.Args[1:])) }
