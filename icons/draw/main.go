// Draw makes the pictures in package icons from the drawing in
// icons/internal/gate. go generate runs it in the folder of the package.
//
//	go run ./draw                  write the pictures
//	go run ./draw -sheet x.png     write what they look like on panels, enlarged
package main

import (
	"flag"
	"fmt"
	"os"

	"kapu/icons/internal/gate"
)

func main() {
	sheet := flag.String("sheet", "", "write a contact sheet to this `file` and nothing else")
	flag.Parse()
	err := error(nil)
	if *sheet != "" {
		err = writeSheet(*sheet)
	} else {
		err = writeFiles()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "draw:", err)
		os.Exit(1)
	}
}

func writeFiles() error {
	for name, data := range gate.Files() {
		if err := os.WriteFile(name, data, 0o644); err != nil {
			return err
		}
	}
	return nil
}
