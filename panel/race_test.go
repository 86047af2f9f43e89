//go:build race

package panel_test

const raceEnabled = true
