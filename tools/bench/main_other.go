//go:build !linux

package main

import "fmt"

func main() { fmt.Println("The timings need a virtual desktop, which there is on Linux only.") }
