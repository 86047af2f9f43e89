// Package desktop brings up, in about a second, a private virtual desktop: an X server without a screen,
// a session bus, a keychain, a window manager and a panel with a tray. Programs run on it can be watched
// and driven as a person would: by the menu on the bus, by the mouse, by the clipboard, by the keyboard.
//
// It promises that nothing on it touches the machine's own desktop, that several desktops can run at
// once, and that nothing it started outlives it, not even when its own process is killed.
//
// The end-to-end tests use it through desktoptest; `make run` uses it where there is no desktop.
// It works on Linux only.
package desktop
