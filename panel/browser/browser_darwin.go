package browser

import "os"

// find returns the browsers that show a page as a window of its own, the best first.
func find() []string {
	var found []string
	for _, program := range []string{
		"/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
		"/Applications/Chromium.app/Contents/MacOS/Chromium",
	} {
		if _, err := os.Stat(program); err == nil {
			found = append(found, program)
		}
	}
	return found
}

func showDefault(link string) error { return start("/usr/bin/open", link) }

// Screen says whether there is one to show something on.
func Screen() bool { return true }
