// Kapu copies a client's fresh one-time code with one click in the tray. This file only starts the command line;
// CONTRIBUTING.md shows the rooms behind it.
package main

//go:generate go run github.com/tc-hib/go-winres@v0.3.3 make --in tools/winres/winres.json --out rsrc --arch amd64,arm64 --product-version 0.1.0 --file-version 0.1.0

import (
	"os"

	"kapu/cli"
)

func main() { os.Exit(cli.Main(os.Args[1:])) }
