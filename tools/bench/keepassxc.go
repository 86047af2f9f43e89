//go:build linux

package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/xml"
	"fmt"

	"kapu/internal/examples"
)

// databaseName stands in the window's title once the database is open.
const databaseName = "kapu-bench"

// keepassXML is the clients in KeePass's exchange format, one group with all of them.
func keepassXML(clients []examples.Client) []byte {
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n<KeePassFile><Meta><Generator>kapu bench</Generator>" +
		"<DatabaseName>" + databaseName + "</DatabaseName></Meta><Root><Group><UUID>" + uuid(0) + "</UUID><Name>Root</Name>\n")
	for i, c := range clients {
		fmt.Fprintf(&b, "<Entry><UUID>%s</UUID>", uuid(i+1))
		for _, pair := range [][2]string{{"Title", c.Name}, {"otp", uri(c)}} {
			b.WriteString("<String><Key>" + pair[0] + "</Key><Value>")
			_ = xml.EscapeText(&b, []byte(pair[1])) // a buffer takes everything
			b.WriteString("</Value></String>")
		}
		b.WriteString("</Entry>\n")
	}
	b.WriteString("</Group></Root></KeePassFile>\n")
	return b.Bytes()
}

func uuid(i int) string {
	var id [16]byte
	id[0] = 1 // all zeros would be none
	binary.BigEndian.PutUint64(id[8:], uint64(i))
	return base64.StdEncoding.EncodeToString(id[:])
}
