package sse

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

func read(t *testing.T, stream string, cut int) (*parser, []Event) {
	t.Helper()
	var events []Event
	p := &parser{dispatch: func(e Event) { events = append(events, e) }}
	for _, piece := range []string{stream[:cut], stream[cut:]} {
		if err := p.feed([]byte(piece)); err != nil {
			t.Fatalf("%q cut at %d: %v", stream, cut, err)
		}
	}
	return p, events
}

func message(data string) Event { return Event{Name: "message", Data: data} }

// The cases of web-platform-tests' eventsource/ that sse.md section 8 names, and its own rules.
var formats = []struct {
	name   string
	stream string
	want   []Event
	lastID string
}{
	{"format-bom", "\xEF\xBB\xBFdata:1\n\ndata:2\n\n", []Event{message("1"), message("2")}, ""},
	{"format-bom-2", "\xEF\xBB\xBF\xEF\xBB\xBFdata:1\n\ndata:2\n\n", []Event{message("2")}, ""},
	{"format-comments", "data:1\n:\x00\n:\r\ndata:2\n:" + strings.Repeat("x", 4096) + "\rdata:3\n:data:fail\r:\ndata:4\n\n", []Event{message("1\n2\n3\n4")}, ""},
	{"format-data-before-final-empty-line", "retry:1000\ndata:test1\n\nid:test\ndata:test2", []Event{message("test1")}, "test"},
	{"format-field-data", "data:\n\ndata\ndata\n\ndata:test\n\n", []Event{message(""), message("\n"), message("test")}, ""},
	{"format-field-event", "event:test\ndata:x\n\ndata:x\n\n", []Event{{Name: "test", Data: "x"}, message("x")}, ""},
	{"format-field-event-empty", "event: \ndata:data\n\n", []Event{message("data")}, ""},
	{"format-field-id", "id: \xe2\x80\xa6\ndata:hello\n\n", []Event{{ID: "…", Name: "message", Data: "hello"}}, "…"},
	{"format-field-id-2", "id: 1\n\ndata:hello\n\nid\ndata:x\n\n", []Event{message("hello"), message("x")}, ""},
	{"format-field-id-3", "id: 1\ndata:a\n\ndata:b\n\nid: 2\ndata:c\n\n", []Event{{ID: "1", Name: "message", Data: "a"}, message("b"), {ID: "2", Name: "message", Data: "c"}}, "2"},
	{"format-field-id-null", "id: 1\ndata:a\n\nid: \x00\x00\ndata:b\n\n", []Event{{ID: "1", Name: "message", Data: "a"}, message("b")}, "1"},
	{"format-field-parsing", "data:\x00\ndata:  2\rData:1\ndata\x00:2\ndata:1\r\x00data:4\nda-ta:3\rdata_5\ndata:3\rdata:\r\n data:32\ndata:4\n\n", []Event{message("\x00\n 2\n1\n3\n\n4")}, ""},
	{"format-field-unknown", "data:test\n data\ndata\nfoobar:xxx\njustsometext\n:thisisacommentyay\ndata:test\n\n", []Event{message("test\n\ntest")}, ""},
	{"format-leading-space", "data:\ttest\rdata: \ndata:test\n\n", []Event{message("\ttest\n\ntest")}, ""},
	{"format-newlines", "data:test\r\ndata\ndata:test\r\n\r", []Event{message("test\n\ntest")}, ""},
	{"format-null-character", "data:\x00\n\n\n\n", []Event{message("\x00")}, ""},
	{"format-utf-8", "data:ok\xe2\x80\xa6\n\n", []Event{message("ok…")}, ""},
	{"event-data", "data:msg\ndata:msg\n\n:\nfalsefield:msg\n\nfalsefield:msg\nData:data\n\ndata\n\ndata:end\n\n", []Event{message("msg\nmsg"), message(""), message("end")}, ""},
	{"an id without data counts and is not dispatched", "id: 7\n\n", nil, "7"},
	{"the keep-alive of SSE-26 is no event", ":\n:\nid: 1\ndata: a\n\n:\n", []Event{{ID: "1", Name: "message", Data: "a"}}, "1"},
	{"only one space goes", "data:  a\n\n", []Event{message(" a")}, ""},
	{"line separators of Unicode are text", "data: a\u2028b\u2029c\u0085d\n\n", []Event{message("a\u2028b\u2029c\u0085d")}, ""},
	{"invalid UTF-8 becomes U+FFFD", "data: a\xffb\xe2\x82c\xed\xa0\x80\n\n", []Event{message("a\ufffdb\ufffdc\ufffd\ufffd\ufffd")}, ""},
	{"a byte order mark later on is text", "data: 1\n\n\xEF\xBB\xBFdata: 2\n\ndata: 3\n\n", []Event{message("1"), message("3")}, ""},
	{"an unfinished last event is dropped", "data: a\n\ndata: b\n", []Event{message("a")}, ""},
}

func TestReadsTheSameEventsWhereverTheBytesAreCut(t *testing.T) {
	for _, format := range formats {
		t.Run(format.name, func(t *testing.T) {
			for cut := 0; cut <= len(format.stream); cut++ {
				p, events := read(t, format.stream, cut)
				if !reflect.DeepEqual(events, format.want) {
					t.Fatalf("cut at %d: got %q, want %q", cut, events, format.want)
				}
				if p.lastID != format.lastID {
					t.Fatalf("cut at %d: last id %q, want %q", cut, p.lastID, format.lastID)
				}
			}
		})
	}
}

func TestTakesARetryOfDigitsOnly(t *testing.T) {
	for value, want := range map[string]time.Duration{
		"3000": 3 * time.Second, "+1": 0, "1e3": 0, "": 0, "  5": 0, "99999999999999999999": 0, "x": 0,
	} {
		p, _ := read(t, "retry:"+value+"\ndata:x\n\n", 0)
		if p.retry != want {
			t.Errorf("retry:%s is %v, want %v", value, p.retry, want)
		}
	}
}

func TestBoundsLinesAndEvents(t *testing.T) {
	long := &parser{dispatch: func(Event) {}}
	if err := long.feed([]byte(strings.Repeat("x", maxLineBytes+1))); err != errLineTooLong {
		t.Errorf("a long line: %v", err)
	}
	large := &parser{dispatch: func(Event) {}}
	line := []byte("data:" + strings.Repeat("x", maxLineBytes-10) + "\n")
	var err error
	for i := 0; i < 5 && err == nil; i++ {
		err = large.feed(line)
	}
	if err != errEventTooLarge {
		t.Errorf("a large event: %v", err)
	}
	if again := large.feed([]byte("\n")); again != errEventTooLarge {
		t.Errorf("after it: %v", again)
	}
}

func TestCountsComments(t *testing.T) {
	p, _ := read(t, ":\n:\ndata: a\n\n: hello\n", 0)
	if p.comments != 3 {
		t.Errorf("%d comments, want 3", p.comments)
	}
}
