//go:build !linux

// Command demo needs a virtual desktop, which this system does not have.
package main

func main() { println("The demo needs Linux; start kapu itself instead.") }
