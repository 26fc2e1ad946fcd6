package sse

import (
	"strings"
	"unicode/utf8"
)

// decode turns bytes into text as the Encoding standard's UTF-8 decoder does: each longest beginning
// of a sequence that cannot go on becomes one U+FFFD. (Go's own conversions make one of each byte,
// or one of a whole run.)
func decode(raw []byte) string {
	if utf8.Valid(raw) {
		return string(raw)
	}
	var text strings.Builder
	text.Grow(len(raw))
	for len(raw) > 0 {
		r, size := utf8.DecodeRune(raw)
		if r == utf8.RuneError && size == 1 {
			size = brokenPrefix(raw)
		}
		text.WriteRune(r)
		raw = raw[size:]
	}
	return text.String()
}

// brokenPrefix is how many bytes of an ill-formed sequence belong together.
func brokenPrefix(raw []byte) int {
	least, most := byte(0x80), byte(0xBF)
	var follow int
	switch lead := raw[0]; {
	case lead >= 0xC2 && lead <= 0xDF:
		follow = 1
	case lead >= 0xE0 && lead <= 0xEF:
		follow = 2
		if lead == 0xE0 {
			least = 0xA0
		} else if lead == 0xED {
			most = 0x9F
		}
	case lead >= 0xF0 && lead <= 0xF4:
		follow = 3
		if lead == 0xF0 {
			least = 0x90
		} else if lead == 0xF4 {
			most = 0x8F
		}
	}
	size := 1
	for ; size <= follow && size < len(raw); size++ {
		if raw[size] < least || raw[size] > most {
			break
		}
		least, most = 0x80, 0xBF
	}
	return size
}
