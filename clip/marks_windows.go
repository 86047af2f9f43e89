package clip

import "golang.design/x/clipboard"

// marks keep the text out of the clipboard history, the cloud clipboard and programs that watch the clipboard; the last
// is that of programs older than Windows' own history, which still follow it.
func marks() []clipboard.Item {
	var items []clipboard.Item
	for _, name := range []string{
		"ExcludeClipboardContentFromMonitorProcessing", "CanIncludeInClipboardHistory", "CanUploadToCloudClipboard",
		"Clipboard Viewer Ignore",
	} {
		items = append(items, clipboard.Item{Format: clipboard.Register(name), Bytes: make([]byte, 4)})
	}
	return items
}
