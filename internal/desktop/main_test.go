//go:build linux

package desktop_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"testing"

	"fyne.io/systray"

	"kapu/internal/desktop"
)

// TestMain lets the test binary be other programs too, in a process of their own: a small tray
// program, and one that keeps a desktop until it is killed.
func TestMain(m *testing.M) {
	if os.Getenv("DESKTOP_TEST_TRAY") != "" {
		// Before Run: what onReady sets while systray is connecting to the bus can be lost for good.
		systray.SetIcon(redSquare())
		systray.SetTitle("Próba")
		systray.Run(trayProgram, nil)
		return
	}
	if dir := os.Getenv("DESKTOP_TEST_DESKTOP"); dir != "" {
		opts := everything
		opts.Dir = dir
		if _, err := desktop.Start(context.Background(), opts); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println("ready")
		select {} // until it is killed
	}
	os.Exit(m.Run())
}

// trayProgram has a menu with everything that is hard to hit: names with underscores, hidden and
// disabled rows, separators before and inside submenus. It prints what is clicked.
func trayProgram() {
	print := func(what string, item *systray.MenuItem) {
		go func() {
			for range item.ClickedCh {
				fmt.Println("clicked", what)
			}
		}()
	}
	head := systray.AddMenuItem("3 kód", "")
	head.Disable()
	systray.AddSeparator()
	for _, group := range []string{"Kft.", "Egyéni__vállalkozó"} {
		parent := systray.AddMenuItem(group, "")
		hidden := parent.AddSubMenuItem("Rejtett", "")
		hidden.Hide()
		for _, name := range []string{"Alfa Kft.", "Béta__2 Kft.", "Gamma & Fia Kft."} {
			if name == "Gamma & Fia Kft." {
				parent.AddSeparator()
			}
			print(group+"/"+name, parent.AddSubMenuItem(name, ""))
		}
	}
	hidden := systray.AddMenuItem("Rejtett", "")
	hidden.Hide()
	systray.AddSeparator()
	rename := systray.AddMenuItem("Átnevez", "")
	go func() {
		for n := 1; ; n++ {
			<-rename.ClickedCh
			rename.SetTitle(fmt.Sprint("Átnevez ", n))
			fmt.Println("clicked rename")
		}
	}()
	print("check", systray.AddMenuItemCheckbox("Pipa", "", true))
	quit := systray.AddMenuItem("Kilépés", "")
	go func() { <-quit.ClickedCh; systray.Quit() }()
}

func redSquare() []byte {
	img := image.NewRGBA(image.Rect(0, 0, 22, 22))
	for i := range 22 * 22 {
		img.Set(i%22, i/22, color.RGBA{220, 20, 20, 255})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	return b.Bytes()
}
