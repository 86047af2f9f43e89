// Package process is what a program of Kapu does to itself as a process of the system: no core dumps (harden), no swap
// (ram), no terminal (detach), and one of it for each desktop session (alone).
package process
