package browser

import (
	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// find returns the browsers that show a page as a window of its own, the best first.
func find() []string {
	var found []string
	for _, name := range []string{"msedge.exe", "chrome.exe", "chromium.exe"} {
		for _, root := range []registry.Key{registry.CURRENT_USER, registry.LOCAL_MACHINE} {
			key, err := registry.OpenKey(root, `SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\`+name, registry.QUERY_VALUE)
			if err != nil {
				continue
			}
			if program, _, err := key.GetStringValue(""); err == nil {
				found = append(found, program)
			}
			key.Close()
		}
	}
	return found
}

func showDefault(link string) error {
	address, err := windows.UTF16PtrFromString(link)
	if err != nil {
		return err
	}
	return windows.ShellExecute(0, nil, address, nil, nil, windows.SW_SHOWNORMAL)
}

// Screen says whether there is one to show something on.
func Screen() bool { return true }
