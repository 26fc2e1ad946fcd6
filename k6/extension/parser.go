package sse

import (
	"bytes"
	"errors"
	"strconv"
	"strings"
	"time"
)

// Bounds of what is kept of one stream.
const (
	maxLineBytes  = 1 << 20
	maxEventBytes = 4 << 20
)

var (
	errLineTooLong   = errors.New("a line of the event stream is longer than 1 MiB")
	errEventTooLarge = errors.New("an event of the stream is larger than 4 MiB")
	byteOrderMark    = []byte{0xEF, 0xBB, 0xBF}
)

// Event is one dispatched event of a stream.
type Event struct {
	// ID is the value of its own id line, empty without one.
	ID string
	// Name is "message" where the stream names none.
	Name string
	Data string
}

// parser reads an event stream as the HTML standard says (9.2.6, "Interpreting an event stream"),
// fed in pieces cut anywhere. The zero value is ready.
type parser struct {
	line      []byte
	afterCR   bool
	notFirst  bool
	data      strings.Builder
	hasData   bool
	name      string
	id        string
	lastID    string
	retry     time.Duration
	comments  int
	dispatch  func(Event)
	exhausted error
}

// feed takes the next piece; once it returned an error it does so for ever.
func (p *parser) feed(piece []byte) error {
	for p.exhausted == nil && len(piece) > 0 {
		if p.afterCR {
			p.afterCR = false
			if piece[0] == '\n' {
				piece = piece[1:]
				continue
			}
		}
		end := bytes.IndexAny(piece, "\r\n")
		if end < 0 {
			p.keep(piece)
			break
		}
		p.afterCR = piece[end] == '\r'
		p.keep(piece[:end])
		piece = piece[end+1:]
		if p.exhausted == nil {
			p.endOfLine()
		}
	}
	return p.exhausted
}

func (p *parser) keep(part []byte) {
	if len(p.line)+len(part) > maxLineBytes {
		p.exhausted = errLineTooLong
		return
	}
	p.line = append(p.line, part...)
}

func (p *parser) endOfLine() {
	line := p.line
	p.line = p.line[:0]
	if !p.notFirst {
		p.notFirst = true
		line = bytes.TrimPrefix(line, byteOrderMark)
	}
	switch colon := bytes.IndexByte(line, ':'); {
	case len(line) == 0:
		p.endOfEvent()
	case colon == 0:
		p.comments++
	case colon < 0:
		p.field(string(line), "")
	default:
		p.field(string(line[:colon]), decode(bytes.TrimPrefix(line[colon+1:], []byte{' '})))
	}
}

func (p *parser) field(field, value string) {
	switch field {
	case "data":
		if p.data.Len()+len(value) > maxEventBytes {
			p.exhausted = errEventTooLarge
			return
		}
		if p.hasData {
			p.data.WriteByte('\n')
		}
		p.hasData = true
		p.data.WriteString(value)
	case "event":
		p.name = value
	case "id":
		if !strings.ContainsRune(value, 0) {
			p.id = value
			p.lastID = value
		}
	case "retry":
		if ms, ok := digits(value); ok {
			p.retry = time.Duration(ms) * time.Millisecond
		}
	}
}

func (p *parser) endOfEvent() {
	event := Event{ID: p.id, Name: p.name, Data: p.data.String()}
	dispatched := p.hasData
	p.data.Reset()
	p.hasData, p.name, p.id = false, "", ""
	if !dispatched {
		return
	}
	if event.Name == "" {
		event.Name = "message"
	}
	p.dispatch(event)
}

// digits reads a retry, which counts only if it is ASCII digits and nothing else.
func digits(text string) (int64, bool) {
	if text == "" || strings.Trim(text, "0123456789") != "" {
		return 0, false
	}
	value, err := strconv.ParseInt(text, 10, 64)
	return value, err == nil && value <= int64(time.Hour/time.Millisecond)*24
}
